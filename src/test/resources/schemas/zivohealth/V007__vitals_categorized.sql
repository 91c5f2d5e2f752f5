-- Readings mapped to LOINC codes, waiting for their aggregation.

CREATE TABLE vitals_raw_categorized (
    id                 serial           PRIMARY KEY,
    user_id            integer          NOT NULL,
    metric_type        varchar          NOT NULL,
    value              double precision NOT NULL,
    unit               varchar          NOT NULL,
    start_date         timestamp        NOT NULL,
    end_date           timestamp        NOT NULL,
    data_source        varchar          NOT NULL,
    source_device      varchar,
    loinc_code         varchar(20),
    notes              text,
    confidence_score   double precision,
    aggregation_status varchar(20)      NOT NULL DEFAULT 'pending',
    aggregated_at      timestamp,
    created_at         timestamp,
    updated_at         timestamp,
    CONSTRAINT uq_vitals_raw_categorized_reading UNIQUE (user_id, metric_type, unit, start_date, data_source, notes),
    CONSTRAINT vitals_raw_categorized_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
