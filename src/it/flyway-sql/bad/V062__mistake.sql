CREATE TABLE mistakes (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES no_such_table);
