-- Prescriptions belong to a user, not only to a chat; older ones keep a NULL here.

ALTER TABLE prescriptions
    ADD COLUMN user_id integer
        CONSTRAINT prescriptions_user_id_fkey REFERENCES users (id),
    ADD COLUMN duration varchar(100),
    ADD COLUMN prescription_image_link varchar(500);
