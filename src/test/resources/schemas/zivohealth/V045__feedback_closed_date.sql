-- When a report was closed.

ALTER TABLE feedback_screenshots ADD COLUMN closed_date timestamptz;
