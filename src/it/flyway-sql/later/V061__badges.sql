CREATE TABLE badges (id bigint PRIMARY KEY, user_id bigint NOT NULL CONSTRAINT badges_of_users REFERENCES users ON DELETE CASCADE);
