-- Notes of a visit, taken from an uploaded document.

CREATE TABLE clinical_notes (
    id                        varchar(36)  PRIMARY KEY,
    session_id                integer      NOT NULL,
    user_id                   integer      NOT NULL,
    diagnosis                 text,
    symptoms_presented        text,
    doctor_observations       text,
    clinical_findings         text,
    treatment_plan            text,
    follow_up_recommendations text,
    vital_signs_mentioned     text,
    medical_history_noted     text,
    visit_date                timestamptz,
    clinic_or_hospital        varchar(255),
    attending_physician       varchar(255),
    specialty                 varchar(100),
    document_type             varchar(100),
    document_image_link       varchar(500),
    created_at                timestamptz  DEFAULT now(),
    updated_at                timestamptz  DEFAULT now(),
    CONSTRAINT clinical_notes_session_id_fkey FOREIGN KEY (session_id) REFERENCES chat_sessions (id),
    CONSTRAINT clinical_notes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
