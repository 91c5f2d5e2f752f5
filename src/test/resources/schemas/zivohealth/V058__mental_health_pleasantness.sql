-- How pleasant it was, from a dictionary.

CREATE TABLE mental_health_pleasantness_dictionary (
    id         serial    PRIMARY KEY,
    score      integer   NOT NULL UNIQUE,
    label      varchar   NOT NULL,
    is_active  varchar   NOT NULL DEFAULT 'true',
    sort_order integer,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);

ALTER TABLE mental_health_entries
    ADD COLUMN pleasantness_id integer
        CONSTRAINT fk_mh_entries_pleasantness REFERENCES mental_health_pleasantness_dictionary (id);
CREATE INDEX ix_mental_health_entries_pleasantness_id ON mental_health_entries (pleasantness_id);
