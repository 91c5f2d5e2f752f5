-- The report an agent writes for the doctor of a consultation. Holds the ids of user and chat without foreign keys.

CREATE TABLE clinical_reports (
    id                    serial      PRIMARY KEY,
    user_id               integer     NOT NULL,
    chat_session_id       integer     NOT NULL,
    message_id            integer,
    user_question         text        NOT NULL,
    ai_response           text        NOT NULL,
    comprehensive_context text        NOT NULL,
    data_sources_summary  text,
    vitals_data           text,
    nutrition_data        text,
    prescription_data     text,
    lab_data              text,
    pharmacy_data         text,
    agent_requirements    text,
    created_at            timestamptz DEFAULT now(),
    updated_at            timestamptz
);
CREATE INDEX ix_clinical_reports_user_id ON clinical_reports (user_id);

ALTER TABLE consultation_requests
    ADD COLUMN clinical_report_id integer
        CONSTRAINT fk_consultation_requests_clinical_report_id REFERENCES clinical_reports (id);
