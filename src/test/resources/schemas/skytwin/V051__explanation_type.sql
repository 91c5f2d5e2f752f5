-- Explanations of escalations and of rollbacks, beside those of decisions.

ALTER TABLE explanation_records ADD COLUMN type text NOT NULL DEFAULT 'decision';
