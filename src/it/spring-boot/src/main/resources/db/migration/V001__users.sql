CREATE TABLE users (id bigint PRIMARY KEY, email varchar(200) NOT NULL);
CREATE TABLE addresses (id bigint PRIMARY KEY, user_id bigint NOT NULL, CONSTRAINT addresses_of_users FOREIGN KEY (user_id) REFERENCES users (id));
