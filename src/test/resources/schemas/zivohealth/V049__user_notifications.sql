-- Notifications can be switched off for good.

ALTER TABLE users ADD COLUMN notifications_enabled boolean NOT NULL DEFAULT true;
