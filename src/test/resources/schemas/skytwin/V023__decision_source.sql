-- Whether a decision came from a live event, a scan or a replay.

ALTER TABLE decisions ADD COLUMN source text NOT NULL DEFAULT 'live';
