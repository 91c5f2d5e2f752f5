-- Credentials of the installation itself, not of a user.

CREATE TABLE service_credentials (
    id               uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    service          text        NOT NULL,
    credential_key   text        NOT NULL,
    credential_value text        NOT NULL,
    label            text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT service_credentials_service_credential_key_key UNIQUE (service, credential_key)
);
