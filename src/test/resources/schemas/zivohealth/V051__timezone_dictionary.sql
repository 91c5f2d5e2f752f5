-- Time zones come from a dictionary.

CREATE TABLE timezone_dictionary (
    id           serial       PRIMARY KEY,
    identifier   varchar(50)  NOT NULL UNIQUE,
    display_name varchar(100) NOT NULL,
    utc_offset   varchar(10)  NOT NULL,
    is_active    boolean      NOT NULL,
    created_at   timestamp    NOT NULL,
    updated_at   timestamp    NOT NULL
);

ALTER TABLE user_profiles
    ADD COLUMN timezone_id integer
        CONSTRAINT fk_user_profiles_timezone REFERENCES timezone_dictionary (id);

ALTER TABLE doctors
    ADD COLUMN timezone_id integer
        CONSTRAINT fk_doctors_timezone REFERENCES timezone_dictionary (id);

ALTER TABLE admins
    ADD COLUMN timezone_id integer
        CONSTRAINT fk_admins_timezone REFERENCES timezone_dictionary (id);
