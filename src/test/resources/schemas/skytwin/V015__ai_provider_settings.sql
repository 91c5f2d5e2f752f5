-- A user's own AI providers. From here on, tables of a user go with the user.

CREATE TABLE ai_provider_settings (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL,
    provider   text        NOT NULL,
    api_key    text        NOT NULL DEFAULT '',
    model      text        NOT NULL,
    base_url   text,
    priority   bigint      NOT NULL DEFAULT 0,
    enabled    boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ai_provider_settings_user_id_provider_key UNIQUE (user_id, provider),
    CONSTRAINT ai_provider_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
