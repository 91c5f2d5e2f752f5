-- A plan need not come from a candidate action: rollbacks have none.

ALTER TABLE execution_plans ALTER COLUMN action_id DROP NOT NULL;
