-- Names in three parts.

ALTER TABLE user_profiles
    ADD COLUMN first_name varchar(255),
    ADD COLUMN middle_name varchar(255),
    ADD COLUMN last_name varchar(255);

ALTER TABLE doctors
    ADD COLUMN first_name varchar,
    ADD COLUMN middle_name varchar,
    ADD COLUMN last_name varchar;

ALTER TABLE admins
    ADD COLUMN first_name varchar(255),
    ADD COLUMN middle_name varchar(255),
    ADD COLUMN last_name varchar(255);
