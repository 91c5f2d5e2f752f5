-- What a new user is asked: profile, conditions, allergies, way of living, consents, units and notifications.

CREATE TABLE user_profiles (
    user_id        integer     PRIMARY KEY,
    date_of_birth  date        NOT NULL,
    gender         varchar(16) NOT NULL,
    height_cm      integer,
    weight_kg      integer,
    body_type      varchar(16),
    activity_level varchar(24),
    phone_number   varchar(32) NOT NULL,
    timezone       varchar(64) NOT NULL,
    created_at     timestamp,
    updated_at     timestamp,
    CONSTRAINT user_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE conditions (
    id       serial       PRIMARY KEY,
    code     varchar(64),
    name     varchar(128) NOT NULL UNIQUE,
    category varchar(64)
);

CREATE TABLE user_conditions (
    id           serial      PRIMARY KEY,
    user_id      integer     NOT NULL,
    condition_id integer,
    other_text   varchar,
    diagnosed_on date,
    severity     varchar(16),
    notes        varchar,
    CONSTRAINT uq_user_condition UNIQUE (user_id, condition_id),
    CONSTRAINT user_conditions_condition_id_fkey FOREIGN KEY (condition_id) REFERENCES conditions (id),
    CONSTRAINT user_conditions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE allergens (
    id   serial       PRIMARY KEY,
    name varchar(128) NOT NULL UNIQUE
);

CREATE TABLE user_allergies (
    id          serial      PRIMARY KEY,
    user_id     integer     NOT NULL,
    allergen_id integer,
    other_text  varchar,
    reaction    varchar,
    severity    varchar(16),
    CONSTRAINT uq_user_allergy UNIQUE (user_id, allergen_id),
    CONSTRAINT user_allergies_allergen_id_fkey FOREIGN KEY (allergen_id) REFERENCES allergens (id),
    CONSTRAINT user_allergies_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE user_lifestyle (
    user_id                     integer     PRIMARY KEY,
    smokes                      boolean     NOT NULL,
    drinks_alcohol              boolean     NOT NULL,
    exercises_regularly         boolean     NOT NULL,
    exercise_type               varchar(24),
    exercise_frequency_per_week integer,
    CONSTRAINT user_lifestyle_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE user_consents (
    id           serial      PRIMARY KEY,
    user_id      integer     NOT NULL,
    consent_type varchar(48) NOT NULL,
    consented    boolean     NOT NULL,
    version      varchar(32),
    consented_at timestamp   NOT NULL,
    ip_address   varchar(45),
    user_agent   varchar,
    CONSTRAINT user_consents_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE user_measurement_preferences (
    user_id     integer    PRIMARY KEY,
    height_unit varchar(8) NOT NULL DEFAULT 'cm',
    weight_unit varchar(8) NOT NULL DEFAULT 'kg',
    CONSTRAINT user_measurement_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE TABLE user_notification_preferences (
    user_id            integer     PRIMARY KEY,
    timezone           varchar(64) NOT NULL,
    window_start_local time        NOT NULL,
    window_end_local   time        NOT NULL,
    email_enabled      boolean     NOT NULL DEFAULT true,
    sms_enabled        boolean     NOT NULL DEFAULT false,
    push_enabled       boolean     NOT NULL DEFAULT true,
    CONSTRAINT user_notification_preferences_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
