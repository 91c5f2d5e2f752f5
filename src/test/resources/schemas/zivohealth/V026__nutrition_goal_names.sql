-- Goals have names.

ALTER TABLE nutrition_goals
    ADD COLUMN goal_name varchar NOT NULL,
    ADD COLUMN goal_description text;
