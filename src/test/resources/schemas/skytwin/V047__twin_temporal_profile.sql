-- When a user wants to be asked, and when not.

ALTER TABLE twin_profiles ADD COLUMN temporal_profile jsonb NOT NULL DEFAULT '{}';
