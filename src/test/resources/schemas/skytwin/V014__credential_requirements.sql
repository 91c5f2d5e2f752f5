-- Which credentials an adapter's integrations need, field by field, as the set-up page shows them.

CREATE TABLE credential_requirements (
    id                uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    adapter           text        NOT NULL,
    integration       text        NOT NULL,
    integration_label text        NOT NULL,
    description       text,
    field_key         text        NOT NULL,
    field_label       text        NOT NULL,
    field_placeholder text,
    is_secret         boolean     NOT NULL DEFAULT true,
    is_optional       boolean     NOT NULL DEFAULT false,
    skills            text[]      NOT NULL DEFAULT '{}',
    created_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT credential_requirements_adapter_integration_field_key_key UNIQUE (adapter, integration, field_key)
);
