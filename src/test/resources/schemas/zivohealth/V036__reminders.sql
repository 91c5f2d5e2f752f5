-- Reminders. Their user_id is text and has no foreign key.

CREATE TABLE reminders (
    id            uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id       varchar     NOT NULL,
    reminder_type varchar     NOT NULL,
    reminder_time timestamptz NOT NULL,
    payload       jsonb       NOT NULL DEFAULT '{}',
    status        varchar     NOT NULL DEFAULT 'pending',
    external_id   varchar,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_reminders_user_id ON reminders (user_id);
CREATE INDEX ix_reminders_status_reminder_time ON reminders (status, reminder_time);
