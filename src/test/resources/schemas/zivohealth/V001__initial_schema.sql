-- Initial schema: patients (users), doctors, and the chats in which patients ask for a doctor's opinion.

-- The version table of Alembic, with which this schema used to be managed.
CREATE TABLE alembic_version (
    version_num varchar(255) PRIMARY KEY
);

CREATE TABLE users (
    id              serial    PRIMARY KEY,
    email           varchar   NOT NULL UNIQUE,
    hashed_password varchar,
    is_active       boolean,
    is_superuser    boolean,
    created_at      timestamp,
    updated_at      timestamp
);

CREATE TABLE doctors (
    id                  serial           PRIMARY KEY,
    email               varchar          NOT NULL UNIQUE,
    hashed_password     varchar          NOT NULL,
    license_number      varchar          NOT NULL UNIQUE,
    specialization      varchar          NOT NULL,
    years_experience    integer          NOT NULL,
    rating              double precision,
    total_consultations integer,
    bio                 text,
    is_available        boolean,
    is_active           boolean,
    created_at          timestamptz      DEFAULT now(),
    updated_at          timestamptz
);

CREATE TABLE chat_sessions (
    id                serial      PRIMARY KEY,
    user_id           integer     NOT NULL,
    title             varchar     NOT NULL,
    created_at        timestamp,
    updated_at        timestamp,
    last_message_at   timestamptz DEFAULT now(),
    message_count     integer,
    has_verification  boolean,
    has_prescriptions boolean,
    is_active         boolean,
    CONSTRAINT chat_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE chat_messages (
    id               serial    PRIMARY KEY,
    session_id       integer   NOT NULL,
    user_id          integer   NOT NULL,
    content          text      NOT NULL,
    role             varchar   NOT NULL,
    created_at       timestamp,
    tokens_used      integer,
    response_time_ms integer,
    CONSTRAINT chat_messages_session_id_fkey FOREIGN KEY (session_id) REFERENCES chat_sessions (id),
    CONSTRAINT chat_messages_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

-- Holds the ids of user, doctor and chat without foreign keys.
CREATE TABLE consultation_requests (
    id              serial      PRIMARY KEY,
    user_id         integer     NOT NULL,
    doctor_id       integer     NOT NULL,
    chat_session_id integer,
    context         text        NOT NULL,
    user_question   text        NOT NULL,
    status          varchar,
    urgency_level   varchar,
    created_at      timestamptz DEFAULT now(),
    accepted_at     timestamptz,
    completed_at    timestamptz,
    doctor_notes    text
);
CREATE INDEX ix_consultation_requests_user_id ON consultation_requests (user_id);
