-- Every change of a user's trust tier, with its reason.

CREATE TABLE trust_tier_audit (
    id             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid        NOT NULL,
    old_tier       text        NOT NULL,
    new_tier       text        NOT NULL,
    direction      text        NOT NULL,
    trigger_reason text        NOT NULL,
    evidence       jsonb       NOT NULL DEFAULT '[]',
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT trust_tier_audit_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_trust_tier_audit_user_id_created_at ON trust_tier_audit (user_id, created_at DESC);
