-- Doctors reset passwords too: a token is either a user's or a doctor's.

ALTER TABLE password_reset_tokens ALTER COLUMN user_id DROP NOT NULL;
ALTER TABLE password_reset_tokens
    ADD COLUMN doctor_id integer
        CONSTRAINT fk_password_reset_tokens_doctor_id REFERENCES doctors (id) ON DELETE CASCADE,
    ADD COLUMN user_type varchar(10) NOT NULL DEFAULT 'user';
CREATE INDEX ix_password_reset_tokens_doctor_id ON password_reset_tokens (doctor_id);
ALTER TABLE password_reset_tokens
    ADD CONSTRAINT check_user_or_doctor_id
        CHECK ((user_id IS NOT NULL AND doctor_id IS NULL) OR (user_id IS NULL AND doctor_id IS NOT NULL));
