-- Sign-in with Google, Apple or an e-mail address, and a log of who signed in when and from where.

ALTER TABLE users
    ADD COLUMN email_verified_at timestamp,
    ADD COLUMN last_login_at timestamp;

CREATE TABLE user_identities (
    id               serial       PRIMARY KEY,
    user_id          integer      NOT NULL,
    provider         varchar(50)  NOT NULL,
    provider_subject varchar(255),
    email            varchar      NOT NULL,
    email_verified   boolean,
    created_at       timestamp,
    last_used_at     timestamp,
    CONSTRAINT uq_provider_subject UNIQUE (provider, provider_subject),
    CONSTRAINT user_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE login_events (
    id           serial       PRIMARY KEY,
    user_id      integer,
    occurred_at  timestamp    NOT NULL,
    method       varchar(50)  NOT NULL,
    device_id    varchar(255),
    device_model varchar(255),
    os_version   varchar(100),
    app_version  varchar(50),
    ip_address   varchar(45),
    country      varchar(100),
    region       varchar(100),
    city         varchar(100),
    user_agent   text,
    success      boolean      NOT NULL,
    error_code   varchar(100),
    CONSTRAINT login_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_login_events_user_id_occurred_at ON login_events (user_id, occurred_at);
