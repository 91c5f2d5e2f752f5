-- The feelings and impacts to choose from, and those chosen for an entry.

CREATE TABLE mental_health_feelings_dictionary (
    id         serial    PRIMARY KEY,
    name       varchar   NOT NULL UNIQUE,
    is_active  varchar   NOT NULL DEFAULT 'true',
    sort_order integer,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);

CREATE TABLE mental_health_impacts_dictionary (
    id         serial    PRIMARY KEY,
    name       varchar   NOT NULL UNIQUE,
    is_active  varchar   NOT NULL DEFAULT 'true',
    sort_order integer,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);

CREATE TABLE mental_health_entry_feelings (
    id         serial  PRIMARY KEY,
    entry_id   integer NOT NULL,
    feeling_id integer NOT NULL,
    CONSTRAINT mental_health_entry_feelings_entry_id_fkey
        FOREIGN KEY (entry_id) REFERENCES mental_health_entries (id) ON DELETE CASCADE,
    CONSTRAINT mental_health_entry_feelings_feeling_id_fkey
        FOREIGN KEY (feeling_id) REFERENCES mental_health_feelings_dictionary (id) ON DELETE CASCADE
);
CREATE INDEX ix_mental_health_entry_feelings_entry_id ON mental_health_entry_feelings (entry_id);
CREATE INDEX ix_mental_health_entry_feelings_feeling_id ON mental_health_entry_feelings (feeling_id);

CREATE TABLE mental_health_entry_impacts (
    id        serial  PRIMARY KEY,
    entry_id  integer NOT NULL,
    impact_id integer NOT NULL,
    CONSTRAINT mental_health_entry_impacts_entry_id_fkey
        FOREIGN KEY (entry_id) REFERENCES mental_health_entries (id) ON DELETE CASCADE,
    CONSTRAINT mental_health_entry_impacts_impact_id_fkey
        FOREIGN KEY (impact_id) REFERENCES mental_health_impacts_dictionary (id) ON DELETE CASCADE
);
CREATE INDEX ix_mental_health_entry_impacts_entry_id ON mental_health_entry_impacts (entry_id);
CREATE INDEX ix_mental_health_entry_impacts_impact_id ON mental_health_entry_impacts (impact_id);
