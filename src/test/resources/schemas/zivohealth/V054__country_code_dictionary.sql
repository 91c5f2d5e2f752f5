-- Countries and how their telephone numbers look. Some share a dial code, some have more than one.

CREATE TABLE country_code_dictionary (
    id           serial      PRIMARY KEY,
    country_name varchar(64) NOT NULL,
    iso2         varchar(2)  NOT NULL,
    dial_code    varchar(8)  NOT NULL,
    min_digits   integer     NOT NULL,
    max_digits   integer     NOT NULL,
    is_active    boolean     NOT NULL DEFAULT true,
    created_at   timestamp   NOT NULL,
    updated_at   timestamp   NOT NULL,
    CONSTRAINT uq_country_code_iso2_dial_code UNIQUE (iso2, dial_code)
);
