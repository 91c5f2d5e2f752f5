-- Tools that IronClaw offers, as last discovered.

CREATE TABLE ironclaw_tools (
    id                   uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    tool_name            text        NOT NULL UNIQUE,
    description          text,
    action_types         text[]      NOT NULL DEFAULT '{}',
    requires_credentials text[]      NOT NULL DEFAULT '{}',
    discovered_at        timestamptz NOT NULL DEFAULT now()
);
