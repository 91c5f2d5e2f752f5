-- Logins.

CREATE TABLE sessions (
    id             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid        NOT NULL,
    token_hash     text        NOT NULL,
    device_name    text        DEFAULT 'Unknown device',
    created_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    last_active_at timestamptz NOT NULL DEFAULT now(),
    revoked        boolean     NOT NULL DEFAULT false,
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
