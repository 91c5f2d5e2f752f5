-- Lab results by LOINC code, and their aggregates per day, month, quarter and year. The aggregates hold a user's id
-- without a foreign key.

ALTER TABLE lab_test_mappings
    ADD COLUMN test_code varchar(50),
    ADD COLUMN test_name_standardized varchar(255),
    ADD COLUMN gpt_suggested_category varchar(100),
    ADD COLUMN loinc_code varchar(20),
    ADD COLUMN loinc_source varchar(20);

CREATE TABLE lab_report_categorized (
    user_id                    integer          NOT NULL,
    test_name                  varchar(255)     NOT NULL,
    test_value                 varchar(100)     NOT NULL,
    test_date                  date             NOT NULL,
    id                         integer,
    test_code                  varchar(50),
    loinc_code                 varchar(20)      NOT NULL,
    test_category              varchar(100),
    test_unit                  varchar(50),
    reference_range            varchar(100),
    test_status                varchar(20),
    lab_name                   varchar(255),
    lab_address                text,
    ordering_physician         varchar(255),
    report_date                date,
    test_notes                 text,
    test_methodology           varchar(255),
    extracted_from_document_id integer,
    confidence_score           double precision,
    raw_text                   text,
    inferred_test_category     varchar(100),
    aggregation_status         varchar(20)      NOT NULL,
    created_at                 timestamp        DEFAULT now(),
    updated_at                 timestamp        DEFAULT now(),
    PRIMARY KEY (user_id, test_date, loinc_code, test_value),
    CONSTRAINT lab_report_categorized_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE lab_reports_daily (
    id               serial           PRIMARY KEY,
    user_id          integer          NOT NULL,
    date             date             NOT NULL,
    test_name        varchar(255)     NOT NULL,
    test_code        varchar(50),
    loinc_code       varchar(20),
    test_category    varchar(100)     NOT NULL,
    avg_value        varchar(100),
    min_value        varchar(100),
    max_value        varchar(100),
    count            integer          NOT NULL,
    unit             varchar(50),
    normal_range_min double precision,
    normal_range_max double precision,
    status           varchar(20),
    created_at       timestamp        NOT NULL DEFAULT now(),
    updated_at       timestamp        NOT NULL DEFAULT now(),
    CONSTRAINT uq_lab_reports_daily UNIQUE (user_id, date, loinc_code, test_category)
);

CREATE TABLE lab_reports_monthly (
    id               serial           PRIMARY KEY,
    user_id          integer          NOT NULL,
    year             integer          NOT NULL,
    month            integer          NOT NULL,
    test_name        varchar(255)     NOT NULL,
    test_code        varchar(50),
    loinc_code       varchar(20),
    test_category    varchar(100)     NOT NULL,
    avg_value        varchar(100),
    min_value        varchar(100),
    max_value        varchar(100),
    count            integer          NOT NULL,
    unit             varchar(50),
    normal_range_min double precision,
    normal_range_max double precision,
    status           varchar(20),
    created_at       timestamp        NOT NULL DEFAULT now(),
    updated_at       timestamp        NOT NULL DEFAULT now(),
    CONSTRAINT uq_lab_reports_monthly UNIQUE (user_id, year, month, loinc_code, test_category)
);

CREATE TABLE lab_reports_quarterly (
    id               serial           PRIMARY KEY,
    user_id          integer          NOT NULL,
    year             integer          NOT NULL,
    quarter          integer          NOT NULL,
    test_name        varchar(255)     NOT NULL,
    test_code        varchar(50),
    loinc_code       varchar(20),
    test_category    varchar(100)     NOT NULL,
    avg_value        varchar(100),
    min_value        varchar(100),
    max_value        varchar(100),
    count            integer          NOT NULL,
    unit             varchar(50),
    normal_range_min double precision,
    normal_range_max double precision,
    status           varchar(20),
    created_at       timestamp        NOT NULL DEFAULT now(),
    updated_at       timestamp        NOT NULL DEFAULT now(),
    CONSTRAINT uq_lab_reports_quarterly UNIQUE (user_id, year, quarter, loinc_code, test_category)
);

CREATE TABLE lab_reports_yearly (
    id               serial           PRIMARY KEY,
    user_id          integer          NOT NULL,
    year             integer          NOT NULL,
    test_name        varchar(255)     NOT NULL,
    test_code        varchar(50),
    loinc_code       varchar(20),
    test_category    varchar(100)     NOT NULL,
    avg_value        varchar(100),
    min_value        varchar(100),
    max_value        varchar(100),
    count            integer          NOT NULL,
    unit             varchar(50),
    normal_range_min double precision,
    normal_range_max double precision,
    status           varchar(20),
    created_at       timestamp        NOT NULL DEFAULT now(),
    updated_at       timestamp        NOT NULL DEFAULT now(),
    CONSTRAINT uq_lab_reports_yearly UNIQUE (user_id, year, loinc_code, test_category)
);
