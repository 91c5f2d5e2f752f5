-- The channel on which IronClaw talks to a user.

ALTER TABLE users ADD COLUMN ironclaw_channel text DEFAULT 'skytwin';
