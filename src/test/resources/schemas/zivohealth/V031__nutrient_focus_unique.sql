-- One focus per user, nutrient and goal.

ALTER TABLE user_nutrient_focus
    ADD CONSTRAINT uq_user_nutrient_focus UNIQUE (user_id, nutrient_id, goal_id);
CREATE INDEX ix_user_nutrient_focus_goal_id ON user_nutrient_focus (goal_id);
