-- Vitals from every source: the readings as they come, their aggregates per hour, day, week and month, and the
-- state of each source's synchronisation.

CREATE TABLE vitals_raw_data (
    id                 serial           PRIMARY KEY,
    user_id            integer          NOT NULL,
    metric_type        varchar          NOT NULL,
    value              double precision NOT NULL,
    unit               varchar          NOT NULL,
    start_date         timestamp        NOT NULL,
    end_date           timestamp        NOT NULL,
    data_source        varchar          NOT NULL,
    source_device      varchar,
    notes              text,
    confidence_score   double precision,
    aggregation_status varchar(20)      NOT NULL,
    aggregated_at      timestamp,
    created_at         timestamp        DEFAULT now(),
    updated_at         timestamp        DEFAULT now(),
    CONSTRAINT uq_vitals_raw_data_reading UNIQUE (user_id, metric_type, unit, start_date, data_source),
    CONSTRAINT vitals_raw_data_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE vitals_hourly_aggregates (
    id               serial           PRIMARY KEY,
    user_id          integer          NOT NULL,
    metric_type      varchar          NOT NULL,
    loinc_code       varchar(20),
    hour_start       timestamp        NOT NULL,
    total_value      double precision,
    average_value    double precision,
    min_value        double precision,
    max_value        double precision,
    count            integer,
    duration_minutes double precision,
    unit             varchar          NOT NULL,
    primary_source   varchar,
    sources_included varchar,
    notes            text,
    created_at       timestamp        DEFAULT now(),
    updated_at       timestamp        DEFAULT now(),
    CONSTRAINT vitals_hourly_aggregates_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_vitals_hourly_user_metric_hour ON vitals_hourly_aggregates (user_id, metric_type, hour_start);

CREATE TABLE vitals_daily_aggregates (
    id               serial           PRIMARY KEY,
    user_id          integer          NOT NULL,
    metric_type      varchar          NOT NULL,
    loinc_code       varchar(20),
    date             date             NOT NULL,
    total_value      double precision,
    average_value    double precision,
    min_value        double precision,
    max_value        double precision,
    count            integer,
    duration_minutes double precision,
    unit             varchar          NOT NULL,
    primary_source   varchar,
    sources_included varchar,
    notes            text,
    created_at       timestamp        DEFAULT now(),
    updated_at       timestamp        DEFAULT now(),
    CONSTRAINT vitals_daily_aggregates_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_vitals_daily_user_metric_date ON vitals_daily_aggregates (user_id, metric_type, date);

CREATE TABLE vitals_weekly_aggregates (
    id                     serial           PRIMARY KEY,
    user_id                integer          NOT NULL,
    metric_type            varchar          NOT NULL,
    loinc_code             varchar(20),
    week_start_date        date             NOT NULL,
    week_end_date          date             NOT NULL,
    total_value            double precision,
    average_value          double precision,
    min_value              double precision,
    max_value              double precision,
    days_with_data         integer,
    total_duration_minutes double precision,
    unit                   varchar          NOT NULL,
    primary_source         varchar,
    sources_included       varchar,
    notes                  text,
    created_at             timestamp        DEFAULT now(),
    updated_at             timestamp        DEFAULT now(),
    CONSTRAINT vitals_weekly_aggregates_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_vitals_weekly_user_metric_week ON vitals_weekly_aggregates (user_id, metric_type, week_start_date);

CREATE TABLE vitals_monthly_aggregates (
    id                     serial           PRIMARY KEY,
    user_id                integer          NOT NULL,
    metric_type            varchar          NOT NULL,
    loinc_code             varchar(20),
    year                   integer          NOT NULL,
    month                  integer          NOT NULL,
    total_value            double precision,
    average_value          double precision,
    min_value              double precision,
    max_value              double precision,
    days_with_data         integer,
    total_duration_minutes double precision,
    unit                   varchar          NOT NULL,
    primary_source         varchar,
    sources_included       varchar,
    notes                  text,
    created_at             timestamp        DEFAULT now(),
    updated_at             timestamp        DEFAULT now(),
    CONSTRAINT vitals_monthly_aggregates_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_vitals_monthly_user_metric_month ON vitals_monthly_aggregates (user_id, metric_type, year, month);

CREATE TABLE vitals_sync_status (
    id                   serial    PRIMARY KEY,
    user_id              integer   NOT NULL,
    data_source          varchar   NOT NULL,
    last_sync_date       timestamp,
    last_successful_sync timestamp,
    sync_enabled         varchar,
    last_error           text,
    error_count          integer,
    created_at           timestamp,
    updated_at           timestamp,
    CONSTRAINT vitals_sync_status_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_vitals_sync_status_user_id ON vitals_sync_status (user_id);
