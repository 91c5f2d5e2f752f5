-- Password resets. The first table whose rows go with the user.

CREATE TABLE password_reset_tokens (
    id         serial       PRIMARY KEY,
    user_id    integer      NOT NULL,
    token_hash varchar(255) NOT NULL,
    expires_at timestamptz  NOT NULL,
    used       boolean      NOT NULL,
    created_at timestamptz  NOT NULL DEFAULT now(),
    used_at    timestamptz,
    CONSTRAINT password_reset_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_password_reset_tokens_user_id ON password_reset_tokens (user_id);
CREATE INDEX ix_password_reset_tokens_token_hash ON password_reset_tokens (token_hash);
