-- How far a user's onboarding is.

ALTER TABLE user_profiles ADD COLUMN onboarding_status varchar(24);
