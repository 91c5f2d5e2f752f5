-- Proposed preferences, how accepted ones changed over time, and exports of the whole twin.

CREATE TABLE preference_proposals (
    id                  uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id             uuid        NOT NULL,
    domain              text        NOT NULL,
    key                 text        NOT NULL,
    value               jsonb       NOT NULL,
    confidence          text        NOT NULL,
    supporting_evidence jsonb       NOT NULL DEFAULT '[]',
    status              text        NOT NULL DEFAULT 'pending',
    detected_at         timestamptz NOT NULL DEFAULT now(),
    responded_at        timestamptz,
    expires_at          timestamptz NOT NULL DEFAULT now() + INTERVAL '30 days',
    created_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT preference_proposals_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_preference_proposals_user_id_status ON preference_proposals (user_id, status);

-- Its ids are text, without foreign keys.
CREATE TABLE preference_history (
    id                  text        PRIMARY KEY DEFAULT gen_random_uuid()::text,
    preference_id       text        NOT NULL,
    user_id             text        NOT NULL,
    previous_value      jsonb,
    new_value           jsonb       NOT NULL,
    previous_confidence text,
    new_confidence      text        NOT NULL,
    attribution_type    text        NOT NULL,
    attribution_id      text,
    changed_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_preference_history_preference_id ON preference_history (preference_id, changed_at);

CREATE TABLE twin_exports (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id     uuid        NOT NULL,
    format      text        NOT NULL,
    exported_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT twin_exports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_twin_exports_user_id ON twin_exports (user_id);
