-- Feedback that undoes a step says which one, and why.

ALTER TABLE feedback_events
    ADD COLUMN undo_reasoning jsonb,
    ADD COLUMN undo_step_id text;
