CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE addresses (id bigint PRIMARY KEY, user_id bigint NOT NULL CONSTRAINT addresses_of_users REFERENCES users);
CREATE INDEX ON addresses (user_id);
