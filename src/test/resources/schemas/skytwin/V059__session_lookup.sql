-- A request finds its session by the token's hash; the clean-up job finds the expired ones.

CREATE INDEX idx_sessions_token_hash ON sessions (token_hash);
CREATE INDEX idx_sessions_expires_at ON sessions (expires_at);
