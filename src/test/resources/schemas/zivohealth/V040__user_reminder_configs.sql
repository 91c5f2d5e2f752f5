-- A user's settings for generated reminders, by context.

CREATE TABLE user_reminder_configs (
    id            uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id       varchar     NOT NULL,
    context       varchar     NOT NULL,
    context_id    varchar     NOT NULL,
    reminder_type varchar     NOT NULL,
    key           varchar     NOT NULL,
    external_id   varchar     NOT NULL UNIQUE,
    group_id      varchar     NOT NULL,
    config_json   jsonb       NOT NULL DEFAULT '{}',
    active        boolean     NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
