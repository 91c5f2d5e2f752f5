CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint NOT NULL CONSTRAINT notes_of_users REFERENCES users);
CREATE TABLE reviews (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL CONSTRAINT reviews_of_users REFERENCES users,
    checked_by bigint CONSTRAINT reviews_checked_by REFERENCES users
);
CREATE INDEX ON notes (user_id);
CREATE INDEX ON reviews (user_id);
CREATE INDEX ON reviews (checked_by);
