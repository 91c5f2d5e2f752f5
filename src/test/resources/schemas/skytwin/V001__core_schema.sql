-- Core schema: people, their twin, the decisions the twin takes for them, and what became of these.

CREATE TABLE users (
    id                uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    email             text        NOT NULL UNIQUE,
    name              text        NOT NULL,
    trust_tier        text        NOT NULL DEFAULT 'observer',
    autonomy_settings jsonb       NOT NULL DEFAULT '{}',
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE connected_accounts (
    id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid        NOT NULL,
    provider     text        NOT NULL,
    account_id   text        NOT NULL,
    scopes       text[]      NOT NULL DEFAULT '{}',
    is_active    boolean     NOT NULL DEFAULT true,
    connected_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT connected_accounts_user_id_provider_account_id_key UNIQUE (user_id, provider, account_id),
    CONSTRAINT connected_accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

-- The twin: one current profile per user, every earlier state kept.
CREATE TABLE twin_profiles (
    id                  uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id             uuid        NOT NULL UNIQUE,
    version             bigint      NOT NULL DEFAULT 1,
    preferences         jsonb       NOT NULL DEFAULT '[]',
    inferences          jsonb       NOT NULL DEFAULT '[]',
    risk_tolerance      jsonb       NOT NULL DEFAULT '{}',
    spend_norms         jsonb       NOT NULL DEFAULT '{}',
    communication_style jsonb       NOT NULL DEFAULT '{}',
    routines            jsonb       NOT NULL DEFAULT '[]',
    domain_heuristics   jsonb       NOT NULL DEFAULT '{}',
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT twin_profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE TABLE twin_profile_versions (
    id             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    profile_id     uuid        NOT NULL,
    version        bigint      NOT NULL,
    snapshot       jsonb       NOT NULL,
    changed_fields text[]      NOT NULL DEFAULT '{}',
    reason         text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT twin_profile_versions_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES twin_profiles (id)
);
CREATE INDEX idx_twin_profile_versions_profile_id_version ON twin_profile_versions (profile_id, version);

CREATE TABLE preferences (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL,
    domain     text        NOT NULL,
    key        text        NOT NULL,
    value      jsonb       NOT NULL,
    confidence text        NOT NULL,
    source     text        NOT NULL,
    evidence   jsonb       NOT NULL DEFAULT '[]',
    version    bigint      NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_preferences_user_id_domain ON preferences (user_id, domain);

-- From an event to an outcome.
CREATE TABLE decisions (
    id                    uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id               uuid        NOT NULL,
    situation_type        text        NOT NULL,
    raw_event             jsonb       NOT NULL,
    interpreted_situation jsonb       NOT NULL,
    domain                text        NOT NULL,
    urgency               text        NOT NULL DEFAULT 'medium',
    metadata              jsonb       NOT NULL DEFAULT '{}',
    created_at            timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT decisions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_decisions_user_id_created_at ON decisions (user_id, created_at DESC);

CREATE TABLE candidate_actions (
    id                        uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    decision_id               uuid        NOT NULL,
    action_type               text        NOT NULL,
    description               text        NOT NULL,
    parameters                jsonb       NOT NULL DEFAULT '{}',
    predicted_user_preference text        NOT NULL,
    risk_assessment           jsonb       NOT NULL,
    reversible                boolean     NOT NULL DEFAULT true,
    estimated_cost            bigint,
    created_at                timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT candidate_actions_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id)
);
CREATE INDEX idx_candidate_actions_decision_id ON candidate_actions (decision_id);

CREATE TABLE decision_outcomes (
    id                 uuid             PRIMARY KEY DEFAULT gen_random_uuid(),
    decision_id        uuid             NOT NULL UNIQUE,
    selected_action_id uuid,
    auto_executed      boolean          NOT NULL DEFAULT false,
    requires_approval  boolean          NOT NULL DEFAULT false,
    escalation_reason  text,
    explanation        text             NOT NULL,
    confidence         double precision NOT NULL,
    created_at         timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT decision_outcomes_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id),
    CONSTRAINT decision_outcomes_selected_action_id_fkey
        FOREIGN KEY (selected_action_id) REFERENCES candidate_actions (id)
);

CREATE TABLE action_policies (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL,
    name       text        NOT NULL,
    domain     text        NOT NULL,
    rules      jsonb       NOT NULL DEFAULT '[]',
    priority   bigint      NOT NULL DEFAULT 0,
    is_active  boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT action_policies_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_action_policies_user_id ON action_policies (user_id);

CREATE TABLE approval_requests (
    id               uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id          uuid        NOT NULL,
    decision_id      uuid        NOT NULL,
    candidate_action jsonb       NOT NULL,
    reason           text        NOT NULL,
    urgency          text        NOT NULL DEFAULT 'medium',
    status           text        NOT NULL DEFAULT 'pending',
    requested_at     timestamptz NOT NULL DEFAULT now(),
    responded_at     timestamptz,
    response         jsonb,
    expires_at       timestamptz NOT NULL DEFAULT now() + INTERVAL '24 hours',
    CONSTRAINT approval_requests_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id),
    CONSTRAINT approval_requests_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_approval_requests_user_id_status ON approval_requests (user_id, status);

CREATE TABLE execution_plans (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    decision_id uuid        NOT NULL,
    action_id   uuid        NOT NULL,
    status      text        NOT NULL DEFAULT 'pending',
    steps       jsonb       NOT NULL DEFAULT '[]',
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT execution_plans_action_id_fkey FOREIGN KEY (action_id) REFERENCES candidate_actions (id),
    CONSTRAINT execution_plans_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id)
);
CREATE INDEX idx_execution_plans_decision_id ON execution_plans (decision_id);

CREATE TABLE execution_results (
    id                 uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    plan_id            uuid        NOT NULL UNIQUE,
    success            boolean     NOT NULL,
    outputs            jsonb       NOT NULL DEFAULT '{}',
    error              text,
    rollback_available boolean     NOT NULL DEFAULT false,
    completed_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT execution_results_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES execution_plans (id)
);

CREATE TABLE explanation_records (
    id                   uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    decision_id          uuid        NOT NULL,
    what_happened        text        NOT NULL,
    evidence_used        jsonb       NOT NULL DEFAULT '[]',
    preferences_invoked  text[]      NOT NULL DEFAULT '{}',
    confidence_reasoning text        NOT NULL,
    action_rationale     text        NOT NULL,
    escalation_rationale text,
    correction_guidance  text        NOT NULL,
    created_at           timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT explanation_records_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id)
);
CREATE INDEX idx_explanation_records_decision_id ON explanation_records (decision_id);

CREATE TABLE feedback_events (
    id          uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id     uuid        NOT NULL,
    decision_id uuid        NOT NULL,
    type        text        NOT NULL,
    data        jsonb       NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feedback_events_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id),
    CONSTRAINT feedback_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_feedback_events_decision_id ON feedback_events (decision_id);
CREATE INDEX idx_feedback_events_user_id_created_at ON feedback_events (user_id, created_at DESC);
