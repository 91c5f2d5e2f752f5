-- The country of a user's telephone number.

ALTER TABLE user_profiles
    ADD COLUMN country_code_id integer
        CONSTRAINT fk_user_profiles_country_code REFERENCES country_code_dictionary (id);
