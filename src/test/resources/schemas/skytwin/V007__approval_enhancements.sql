-- Approvals can be asked for and answered in batches.

ALTER TABLE approval_requests ADD COLUMN batch_id text;
