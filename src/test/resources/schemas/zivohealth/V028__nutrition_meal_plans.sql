-- Meal plans made for a goal; they go with it.

CREATE TABLE nutrition_meal_plans (
    id                  serial    PRIMARY KEY,
    goal_id             integer   NOT NULL,
    breakfast           text,
    lunch               text,
    dinner              text,
    snacks              text,
    recommended_options text,
    total_calories_kcal integer,
    created_at          timestamp NOT NULL,
    updated_at          timestamp NOT NULL,
    CONSTRAINT nutrition_meal_plans_goal_id_fkey
        FOREIGN KEY (goal_id) REFERENCES nutrition_goals (id) ON DELETE CASCADE
);
CREATE INDEX ix_nutrition_meal_plans_goal_id ON nutrition_meal_plans (goal_id);
