-- Nutrition goals: the nutrients known, the objectives to choose from, a user's goals and the targets of each, and
-- the nutrients a user keeps an eye on.

CREATE TABLE nutrition_nutrient_catalog (
    id              serial           PRIMARY KEY,
    key             varchar          NOT NULL UNIQUE,
    display_name    varchar          NOT NULL,
    category        varchar          NOT NULL,
    unit            varchar          NOT NULL,
    rda_male        double precision,
    rda_female      double precision,
    upper_limit     double precision,
    is_enabled      boolean          NOT NULL DEFAULT true,
    aggregate_field varchar,
    created_at      timestamp,
    updated_at      timestamp
);

CREATE TABLE nutrition_objectives (
    code         varchar   PRIMARY KEY,
    display_name varchar   NOT NULL,
    description  text,
    created_at   timestamp,
    updated_at   timestamp
);

CREATE TABLE nutrition_goals (
    id           serial    PRIMARY KEY,
    user_id      integer   NOT NULL,
    status       varchar   NOT NULL DEFAULT 'active',
    effective_at timestamp NOT NULL,
    expires_at   timestamp,
    notes        text,
    created_at   timestamp,
    updated_at   timestamp,
    CONSTRAINT nutrition_goals_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_nutrition_goals_user_id ON nutrition_goals (user_id);

CREATE TABLE nutrition_goal_targets (
    id          serial           PRIMARY KEY,
    goal_id     integer          NOT NULL,
    nutrient_id integer          NOT NULL,
    timeframe   varchar          NOT NULL,
    target_type varchar          NOT NULL,
    target_min  double precision,
    target_max  double precision,
    priority    varchar          NOT NULL DEFAULT 'secondary',
    is_active   boolean          NOT NULL DEFAULT true,
    created_at  timestamp,
    updated_at  timestamp,
    CONSTRAINT uq_goal_nutrient_timeframe UNIQUE (goal_id, nutrient_id, timeframe),
    CONSTRAINT nutrition_goal_targets_goal_id_fkey FOREIGN KEY (goal_id) REFERENCES nutrition_goals (id),
    CONSTRAINT nutrition_goal_targets_nutrient_id_fkey
        FOREIGN KEY (nutrient_id) REFERENCES nutrition_nutrient_catalog (id)
);
CREATE INDEX ix_nutrition_goal_targets_nutrient_id ON nutrition_goal_targets (nutrient_id);

CREATE TABLE user_nutrient_focus (
    id          serial    PRIMARY KEY,
    user_id     integer   NOT NULL,
    nutrient_id integer   NOT NULL,
    priority    varchar   NOT NULL DEFAULT 'secondary',
    is_active   boolean   NOT NULL DEFAULT true,
    created_at  timestamp,
    updated_at  timestamp,
    CONSTRAINT user_nutrient_focus_nutrient_id_fkey
        FOREIGN KEY (nutrient_id) REFERENCES nutrition_nutrient_catalog (id),
    CONSTRAINT user_nutrient_focus_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX ix_user_nutrient_focus_nutrient_id ON user_nutrient_focus (nutrient_id);
CREATE INDEX ix_user_nutrient_focus_user_id ON user_nutrient_focus (user_id);
