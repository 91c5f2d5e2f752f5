CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE addresses (id bigint PRIMARY KEY, user_id bigint NOT NULL CONSTRAINT addresses_of_users REFERENCES users);
CREATE TABLE invoices (id bigint PRIMARY KEY, customer bigint CONSTRAINT invoices_of_users REFERENCES users ON DELETE SET NULL);
CREATE TABLE reviews (
    id bigint PRIMARY KEY,
    author bigint NOT NULL CONSTRAINT reviews_of_authors REFERENCES users,
    checked_by bigint CONSTRAINT reviews_checked_by REFERENCES users
);
CREATE INDEX ON addresses (user_id);
CREATE INDEX ON invoices (customer);
CREATE INDEX ON reviews (author);
CREATE INDEX ON reviews (checked_by);
