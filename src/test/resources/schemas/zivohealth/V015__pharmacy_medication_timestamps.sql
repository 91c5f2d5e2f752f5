-- When a medication was read from its bill, and last changed.

ALTER TABLE pharmacy_medications
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
