-- What kind of entry it is, from a dictionary; and whether it has been aggregated.
-- Not together with V058: CockroachDB v21.1 puts a foreign key on the first column that a transaction adds to a table,
-- whichever was meant.

CREATE TABLE mental_health_entry_type_dictionary (
    id         serial    PRIMARY KEY,
    code       varchar   NOT NULL UNIQUE,
    label      varchar   NOT NULL,
    is_active  varchar   NOT NULL DEFAULT 'true',
    sort_order integer,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);

ALTER TABLE mental_health_entries
    ADD COLUMN entry_type_id integer
        CONSTRAINT fk_mh_entries_entry_type REFERENCES mental_health_entry_type_dictionary (id),
    ADD COLUMN aggregation_status varchar,
    ADD COLUMN aggregated_at timestamp;
CREATE INDEX ix_mental_health_entries_entry_type_id ON mental_health_entries (entry_type_id);
