-- A user who asks to be deleted is marked first, and deleted when the date has come.

ALTER TABLE users
    ADD COLUMN is_tobe_deleted boolean DEFAULT false,
    ADD COLUMN delete_date timestamp;
