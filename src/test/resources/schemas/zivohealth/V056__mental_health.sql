-- Mental health: entries of how somebody felt, and one line per day.

CREATE TABLE mental_health_entries (
    id          serial    PRIMARY KEY,
    user_id     integer   NOT NULL,
    recorded_at timestamp NOT NULL,
    notes       text,
    source      varchar,
    created_at  timestamp DEFAULT now(),
    updated_at  timestamp DEFAULT now(),
    CONSTRAINT mental_health_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_mental_health_entries_user_id_recorded_at ON mental_health_entries (user_id, recorded_at);

CREATE TABLE mental_health_daily (
    id                   serial    PRIMARY KEY,
    user_id              integer   NOT NULL,
    date                 date      NOT NULL,
    avg_score            integer,
    last_score           integer,
    last_entry_at        timestamp,
    feelings_counts_json text,
    impacts_counts_json  text,
    created_at           timestamp DEFAULT now(),
    updated_at           timestamp DEFAULT now(),
    CONSTRAINT mental_health_daily_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_mental_health_daily_user_id_date ON mental_health_daily (user_id, date);
