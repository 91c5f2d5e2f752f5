-- When a service credential was last handed to IronClaw.

ALTER TABLE service_credentials ADD COLUMN ironclaw_synced_at timestamptz;
