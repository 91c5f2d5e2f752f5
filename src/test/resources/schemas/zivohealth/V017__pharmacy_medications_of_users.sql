-- Medications belong to a user, not only to a bill.

ALTER TABLE pharmacy_medications
    ADD COLUMN user_id integer NOT NULL
        CONSTRAINT fk_pharmacy_medications_user_id REFERENCES users (id);
