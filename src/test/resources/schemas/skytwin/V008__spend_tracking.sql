-- What the twin spent. Actions and decisions are named by text ids, without foreign keys.

CREATE TABLE spend_records (
    id                   uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id              uuid        NOT NULL,
    action_id            text        NOT NULL,
    decision_id          text        NOT NULL,
    estimated_cost_cents bigint      NOT NULL,
    actual_cost_cents    bigint,
    recorded_at          timestamptz NOT NULL DEFAULT now(),
    reconciled_at        timestamptz,
    CONSTRAINT spend_records_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_spend_records_user_id_recorded_at ON spend_records (user_id, recorded_at);
