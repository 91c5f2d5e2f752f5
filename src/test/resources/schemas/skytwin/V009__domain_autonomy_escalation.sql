-- Autonomy per domain, and the conditions under which the twin asks a human.

CREATE TABLE domain_autonomy_policies (
    id                         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id                    uuid        NOT NULL,
    domain                     text        NOT NULL,
    trust_tier                 text        NOT NULL,
    max_spend_per_action_cents bigint,
    created_at                 timestamptz NOT NULL DEFAULT now(),
    updated_at                 timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT domain_autonomy_policies_user_id_domain_key UNIQUE (user_id, domain),
    CONSTRAINT domain_autonomy_policies_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE escalation_triggers (
    id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid        NOT NULL,
    trigger_type text        NOT NULL,
    conditions   jsonb       NOT NULL,
    enabled      boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT escalation_triggers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_escalation_triggers_user_id ON escalation_triggers (user_id);
