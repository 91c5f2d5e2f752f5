-- A nutrient can be in focus because of a goal, and then only as long as the goal exists.

ALTER TABLE user_nutrient_focus
    ADD COLUMN goal_id integer
        CONSTRAINT fk_user_nutrient_focus_goal_id REFERENCES nutrition_goals (id) ON DELETE CASCADE;
