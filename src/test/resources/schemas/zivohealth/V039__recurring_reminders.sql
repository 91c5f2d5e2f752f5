-- Reminders have a text and can recur; an occurrence knows the reminder it comes from.

-- First, and on its own: CockroachDB v21.1 puts a foreign key on the first column that a transaction adds to a table,
-- whichever was meant.
ALTER TABLE reminders
    ADD COLUMN parent_reminder_id uuid
        CONSTRAINT fk_reminders_parent_reminder_id REFERENCES reminders (id);
CREATE INDEX ix_reminders_parent_reminder_id ON reminders (parent_reminder_id);

ALTER TABLE reminders
    ADD COLUMN title varchar,
    ADD COLUMN message varchar,
    ADD COLUMN recurrence_pattern jsonb,
    ADD COLUMN is_recurring boolean NOT NULL DEFAULT false,
    ADD COLUMN occurrence_number integer,
    ADD COLUMN is_generated boolean NOT NULL DEFAULT false,
    ADD COLUMN start_date timestamptz,
    ADD COLUMN end_date timestamptz,
    ADD COLUMN max_occurrences integer,
    ADD COLUMN timezone varchar,
    ADD COLUMN last_occurrence timestamptz,
    ADD COLUMN next_occurrence timestamptz,
    ADD COLUMN occurrence_count integer NOT NULL DEFAULT 0,
    ADD COLUMN is_active boolean NOT NULL DEFAULT true;
