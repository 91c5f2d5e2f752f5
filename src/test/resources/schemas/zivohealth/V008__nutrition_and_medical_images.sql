-- What patients eat, meal by meal, and their medical images. Doctors get a date of birth and a number to call.

CREATE TABLE nutrition_raw_data (
    id                 serial           PRIMARY KEY,
    user_id            integer          NOT NULL,
    food_item_name     varchar          NOT NULL,
    dish_name          varchar,
    dish_type          varchar,
    meal_type          varchar          NOT NULL,
    portion_size       double precision NOT NULL,
    portion_unit       varchar          NOT NULL,
    calories           double precision NOT NULL,
    protein_g          double precision,
    fat_g              double precision,
    carbs_g            double precision,
    fiber_g            double precision,
    sugar_g            double precision,
    sodium_mg          double precision,
    vitamin_a_mcg      double precision,
    vitamin_c_mg       double precision,
    vitamin_d_mcg      double precision,
    vitamin_e_mg       double precision,
    vitamin_k_mcg      double precision,
    vitamin_b1_mg      double precision,
    vitamin_b2_mg      double precision,
    vitamin_b3_mg      double precision,
    vitamin_b6_mg      double precision,
    vitamin_b12_mcg    double precision,
    folate_mcg         double precision,
    calcium_mg         double precision,
    iron_mg            double precision,
    magnesium_mg       double precision,
    phosphorus_mg      double precision,
    potassium_mg       double precision,
    zinc_mg            double precision,
    copper_mg          double precision,
    manganese_mg       double precision,
    selenium_mcg       double precision,
    meal_date          date             NOT NULL,
    meal_time          timestamp        NOT NULL,
    data_source        varchar          NOT NULL,
    confidence_score   double precision,
    image_url          varchar,
    notes              text,
    aggregation_status varchar(20)      NOT NULL,
    aggregated_at      timestamp,
    created_at         timestamp        DEFAULT now(),
    updated_at         timestamp        DEFAULT now(),
    CONSTRAINT nutrition_raw_data_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_nutrition_raw_data_user_id_meal_date ON nutrition_raw_data (user_id, meal_date);

CREATE TABLE nutrition_sync_status (
    id                   serial    PRIMARY KEY,
    user_id              integer   NOT NULL,
    data_source          varchar   NOT NULL,
    last_sync_date       timestamp,
    last_successful_sync timestamp,
    sync_enabled         varchar,
    last_error           text,
    error_count          integer,
    created_at           timestamp DEFAULT now(),
    updated_at           timestamp DEFAULT now(),
    CONSTRAINT nutrition_sync_status_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_nutrition_sync_status_user_id ON nutrition_sync_status (user_id);

CREATE TABLE medical_images (
    id                 serial           PRIMARY KEY,
    user_id            integer          NOT NULL,
    image_type         varchar          NOT NULL,
    body_part          varchar,
    image_path         varchar          NOT NULL,
    original_filename  varchar,
    file_size          integer,
    image_format       varchar,
    ai_summary         text,
    ai_findings        text,
    confidence_score   double precision,
    exam_date          date,
    ordering_physician varchar,
    facility_name      varchar,
    exam_reason        text,
    processing_status  varchar(20)      NOT NULL,
    processed_at       timestamp,
    notes              text,
    created_at         timestamp,
    updated_at         timestamp,
    CONSTRAINT medical_images_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_medical_images_user_id ON medical_images (user_id);

ALTER TABLE doctors
    ADD COLUMN date_of_birth date,
    ADD COLUMN contact_number varchar;
