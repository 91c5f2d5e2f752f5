-- Documents that patients upload, what is read from them (lab reports, pharmacy bills, prescriptions), and the
-- memory and traces of the agents that do the reading.

CREATE TABLE agent_memory (
    id              serial           PRIMARY KEY,
    user_id         integer          NOT NULL,
    session_id      integer,
    agent_name      varchar(100)     NOT NULL,
    memory_type     varchar(50),
    memory_key      varchar(255),
    memory_value    json,
    relevance_score double precision,
    expiry_date     timestamp,
    last_accessed   timestamp,
    access_count    integer,
    created_at      timestamp,
    updated_at      timestamp,
    CONSTRAINT agent_memory_session_id_fkey FOREIGN KEY (session_id) REFERENCES chat_sessions (id),
    CONSTRAINT agent_memory_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE document_processing_logs (
    id                        serial           PRIMARY KEY,
    request_id                varchar(100)     NOT NULL,
    user_id                   integer          NOT NULL,
    session_id                integer,
    file_path                 varchar(500)     NOT NULL,
    original_filename         varchar(255),
    file_size                 integer,
    file_type                 varchar(20),
    mime_type                 varchar(100),
    document_type             varchar(50),
    classification_confidence double precision,
    processing_status         varchar(20),
    ocr_text                  text,
    ocr_confidence            double precision,
    ocr_engine                varchar(50),
    extracted_data            json,
    structured_data           json,
    validation_errors         json,
    records_created           json,
    records_updated           json,
    started_at                timestamp        NOT NULL,
    completed_at              timestamp,
    processing_duration_ms    integer,
    error_message             text,
    retry_count               integer,
    workflow_steps            json,
    agent_interactions        json,
    created_at                timestamp,
    CONSTRAINT document_processing_logs_session_id_fkey FOREIGN KEY (session_id) REFERENCES chat_sessions (id),
    CONSTRAINT document_processing_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE lab_reports (
    id                         serial           PRIMARY KEY,
    user_id                    integer          NOT NULL,
    test_name                  varchar(255)     NOT NULL,
    test_category              varchar(100),
    test_value                 varchar(100),
    test_unit                  varchar(50),
    reference_range            varchar(100),
    test_status                varchar(20),
    lab_name                   varchar(255),
    lab_address                text,
    ordering_physician         varchar(255),
    test_date                  date             NOT NULL,
    report_date                date,
    test_notes                 text,
    test_methodology           varchar(255),
    extracted_from_document_id integer,
    confidence_score           double precision,
    raw_text                   text,
    created_at                 timestamp,
    updated_at                 timestamp,
    CONSTRAINT lab_reports_extracted_from_document_id_fkey
        FOREIGN KEY (extracted_from_document_id) REFERENCES document_processing_logs (id),
    CONSTRAINT lab_reports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE pharmacy_bills (
    id                  serial           PRIMARY KEY,
    user_id             integer          NOT NULL,
    pharmacy_name       varchar(255)     NOT NULL,
    pharmacy_address    text,
    pharmacy_phone      varchar(20),
    bill_number         varchar(100),
    bill_date           date             NOT NULL,
    total_amount        double precision NOT NULL,
    tax_amount          double precision,
    discount_amount     double precision,
    prescription_number varchar(100),
    prescribing_doctor  varchar(255),
    confidence_score    double precision,
    raw_text            text,
    created_at          timestamptz      NOT NULL DEFAULT now(),
    updated_at          timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT pharmacy_bills_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE pharmacy_medications (
    id                  serial           PRIMARY KEY,
    bill_id             integer          NOT NULL,
    medication_name     varchar(255)     NOT NULL,
    generic_name        varchar(255),
    strength            varchar(100),
    quantity            integer,
    unit_price          double precision,
    total_price         double precision,
    dosage_instructions text,
    frequency           varchar(100),
    duration            varchar(100),
    CONSTRAINT pharmacy_medications_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES pharmacy_bills (id)
);

CREATE TABLE prescriptions (
    id                      varchar(36)  PRIMARY KEY,
    session_id              integer      NOT NULL,
    consultation_request_id integer,
    medication_name         varchar(255) NOT NULL,
    dosage                  varchar(100),
    frequency               varchar(100),
    instructions            text,
    prescribed_by           varchar(255) NOT NULL,
    prescribed_at           timestamptz  DEFAULT now(),
    created_at              timestamptz  DEFAULT now(),
    updated_at              timestamptz  DEFAULT now(),
    CONSTRAINT prescriptions_consultation_request_id_fkey
        FOREIGN KEY (consultation_request_id) REFERENCES consultation_requests (id),
    CONSTRAINT prescriptions_session_id_fkey FOREIGN KEY (session_id) REFERENCES chat_sessions (id)
);

CREATE TABLE opentelemetry_traces (
    id                  serial           PRIMARY KEY,
    trace_id            varchar(32)      NOT NULL,
    span_id             varchar(16)      NOT NULL,
    parent_span_id      varchar(16),
    span_name           varchar(255)     NOT NULL,
    span_kind           varchar(20),
    status_code         varchar(20),
    status_message      text,
    start_time          timestamp        NOT NULL,
    end_time            timestamp,
    duration_ms         double precision,
    service_name        varchar(100),
    operation_name      varchar(100),
    resource_attributes json,
    span_attributes     json,
    span_events         json,
    user_id             integer,
    session_id          integer,
    request_id          varchar(100),
    document_id         integer,
    agent_name          varchar(100),
    agent_type          varchar(50),
    workflow_step       varchar(100),
    created_at          timestamp,
    CONSTRAINT opentelemetry_traces_document_id_fkey
        FOREIGN KEY (document_id) REFERENCES document_processing_logs (id),
    CONSTRAINT opentelemetry_traces_session_id_fkey FOREIGN KEY (session_id) REFERENCES chat_sessions (id),
    CONSTRAINT opentelemetry_traces_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_opentelemetry_traces_trace_id ON opentelemetry_traces (trace_id);
