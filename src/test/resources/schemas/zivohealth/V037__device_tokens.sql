-- Where to push a reminder to. As with the reminders, user_id is text and has no foreign key.

CREATE TABLE device_tokens (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    varchar     NOT NULL,
    platform   varchar     NOT NULL,
    fcm_token  varchar     NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_device_tokens_user_id ON device_tokens (user_id);
