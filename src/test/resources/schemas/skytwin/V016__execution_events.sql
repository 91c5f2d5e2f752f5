-- Progress of a plan, step by step, and the adapter that finished it.

CREATE TABLE execution_events (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    plan_id    uuid        NOT NULL,
    step_id    text,
    event_type text        NOT NULL,
    payload    jsonb       NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT execution_events_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES execution_plans (id)
);
CREATE INDEX idx_execution_events_plan_id_created_at ON execution_events (plan_id, created_at);

ALTER TABLE execution_results ADD COLUMN adapter_used text;
