-- Health records by indicator, with the history of every change. A record is about patient_id and may have been
-- entered by somebody else (recorded_by): two references to users in one table.

CREATE TABLE health_indicator_categories (
    id          serial    PRIMARY KEY,
    name        varchar   NOT NULL UNIQUE,
    description text,
    is_active   boolean,
    created_at  timestamp,
    updated_at  timestamp
);

CREATE TABLE health_indicators (
    id               serial           PRIMARY KEY,
    category_id      integer          NOT NULL,
    name             varchar          NOT NULL,
    unit             varchar,
    normal_range_min double precision,
    normal_range_max double precision,
    data_type        varchar,
    is_active        boolean,
    created_at       timestamp,
    updated_at       timestamp,
    CONSTRAINT health_indicators_category_id_fkey
        FOREIGN KEY (category_id) REFERENCES health_indicator_categories (id)
);

CREATE TABLE patient_health_records (
    id            serial           PRIMARY KEY,
    patient_id    integer          NOT NULL,
    indicator_id  integer          NOT NULL,
    numeric_value double precision,
    text_value    text,
    boolean_value boolean,
    file_path     varchar,
    recorded_date date             NOT NULL,
    recorded_by   integer,
    notes         text,
    is_abnormal   boolean,
    created_at    timestamp,
    updated_at    timestamp,
    CONSTRAINT patient_health_records_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES health_indicators (id),
    CONSTRAINT patient_health_records_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES users (id),
    CONSTRAINT patient_health_records_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES users (id)
);

CREATE TABLE health_data_history (
    id                serial           PRIMARY KEY,
    patient_id        integer          NOT NULL,
    indicator_id      integer          NOT NULL,
    current_record_id integer          NOT NULL,
    numeric_value     double precision,
    text_value        text,
    boolean_value     boolean,
    file_path         varchar,
    recorded_date     date             NOT NULL,
    recorded_by       integer,
    notes             text,
    is_abnormal       boolean,
    change_type       varchar,
    previous_value    text,
    created_at        timestamp,
    CONSTRAINT health_data_history_current_record_id_fkey
        FOREIGN KEY (current_record_id) REFERENCES patient_health_records (id),
    CONSTRAINT health_data_history_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES health_indicators (id),
    CONSTRAINT health_data_history_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES users (id),
    CONSTRAINT health_data_history_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES users (id)
);

CREATE TABLE patient_health_summaries (
    id                        serial           PRIMARY KEY,
    patient_id                integer          NOT NULL,
    total_indicators_tracked  integer,
    abnormal_indicators_count integer,
    last_updated              timestamp,
    health_score              double precision,
    high_risk_indicators      text,
    medium_risk_indicators    text,
    improving_trends          text,
    declining_trends          text,
    created_at                timestamp,
    updated_at                timestamp,
    CONSTRAINT patient_health_summaries_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES users (id)
);
