-- Feedback comes from users and from doctors.

ALTER TABLE feedback_screenshots ADD COLUMN submitter_type varchar(20);
