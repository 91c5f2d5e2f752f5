-- Scope expansion: connectors, raw signals with a retention time, proactive scans and their briefings,
-- accuracy per domain, and a log of what no adapter could do.

CREATE TABLE connector_configs (
    id             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid        NOT NULL,
    provider       text        NOT NULL,
    connector_type text        NOT NULL,
    enabled        boolean     NOT NULL DEFAULT true,
    last_sync_at   timestamptz,
    sync_cursor    text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT connector_configs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_connector_configs_user_id ON connector_configs (user_id);

CREATE TABLE signals (
    id              uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id         uuid        NOT NULL,
    source          text        NOT NULL,
    type            text        NOT NULL,
    domain          text        NOT NULL,
    data            jsonb       NOT NULL,
    timestamp       timestamptz NOT NULL,
    retention_until timestamptz NOT NULL DEFAULT now() + INTERVAL '90 days',
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signals_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_signals_user_id_timestamp ON signals (user_id, "timestamp");
CREATE INDEX idx_signals_retention_until ON signals (retention_until);

CREATE TABLE proactive_scans (
    id                    uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id               uuid        NOT NULL,
    scan_type             text        NOT NULL,
    items_found           bigint      NOT NULL DEFAULT 0,
    items_auto_executed   bigint      NOT NULL DEFAULT 0,
    items_queued_approval bigint      NOT NULL DEFAULT 0,
    started_at            timestamptz NOT NULL DEFAULT now(),
    completed_at          timestamptz,
    CONSTRAINT proactive_scans_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_proactive_scans_user_id ON proactive_scans (user_id);

CREATE TABLE briefings (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL,
    scan_id    uuid,
    items      jsonb       NOT NULL DEFAULT '[]',
    email_sent boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT briefings_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES proactive_scans (id),
    CONSTRAINT briefings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_briefings_scan_id ON briefings (scan_id);
CREATE INDEX idx_briefings_user_id ON briefings (user_id);

CREATE TABLE accuracy_metrics (
    id                uuid             PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           uuid             NOT NULL,
    domain            text             NOT NULL,
    total_decisions   bigint           NOT NULL DEFAULT 0,
    auto_executed     bigint           NOT NULL DEFAULT 0,
    approved_by_user  bigint           NOT NULL DEFAULT 0,
    rejected_by_user  bigint           NOT NULL DEFAULT 0,
    corrected_by_user bigint           NOT NULL DEFAULT 0,
    accuracy_rate     double precision NOT NULL DEFAULT 0.0,
    period_start      timestamptz      NOT NULL,
    period_end        timestamptz      NOT NULL,
    created_at        timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT accuracy_metrics_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_accuracy_metrics_user_id_domain ON accuracy_metrics (user_id, domain);

CREATE TABLE skill_gap_log (
    id                 uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    action_type        text        NOT NULL,
    action_description text        NOT NULL,
    attempted_adapters jsonb       NOT NULL DEFAULT '[]',
    user_id            uuid        NOT NULL,
    decision_id        uuid,
    ironclaw_issue_url text,
    logged_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT skill_gap_log_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions (id),
    CONSTRAINT skill_gap_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX idx_skill_gap_log_decision_id ON skill_gap_log (decision_id);
CREATE INDEX idx_skill_gap_log_user_id ON skill_gap_log (user_id);
