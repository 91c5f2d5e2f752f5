CREATE TABLE complaints (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL,
    CONSTRAINT complaints_of_users FOREIGN KEY (user_id) REFERENCES users (id)
);
