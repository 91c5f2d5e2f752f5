package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;

/**
 * The schema that most tests here change: users, and two tables whose rows hang on them, with foreign keys that differ in what an
 * undo has to restore. Flyway is at version 59.
 */
final class OnlineSchema {

    /** Foreign keys that are to cascade. */
    static final int FOREIGN_KEYS = 2;

    private static final String[] TABLES = {
        "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, note text,"
                + " CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE)",
        "CREATE INDEX orders_user_idx ON orders (user_id)",
        "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint, note text,"
                + " CONSTRAINT posts_user_fk FOREIGN KEY (user_id) REFERENCES users (id))",
        "CREATE INDEX posts_user_idx ON posts (user_id)",
    };

    private OnlineSchema() {}

    /** With a few rows. */
    static TestDatabase create(TestServer server) throws SQLException {
        return create(server, 10);
    }

    /** With that many users, and as many rows for each table. */
    static TestDatabase create(TestServer server, int rows) throws SQLException {
        return server.databaseOf("online-" + rows, database -> {
            database.execute(TABLES);
            database.execute(
                    "INSERT INTO users SELECT i, 'user ' || i::text FROM generate_series(1, " + rows + ") AS g(i)",
                    "INSERT INTO orders SELECT i, i, 'order' FROM generate_series(1, " + rows + ") AS g(i)",
                    "INSERT INTO posts SELECT i, i, 'post' FROM generate_series(1, " + rows + ") AS g(i)");
            if (!server.isCockroach()) {
                database.execute("COMMENT ON CONSTRAINT orders_user_fk ON orders IS 'who''s order'");
            }
            Migrations.baseline(database);
        });
    }

    /** Orders is partitioned in two, under names of their own. PostgreSQL only. */
    static TestDatabase createPartitioned(TestServer server, int rows) throws SQLException {
        return server.databaseOf("online-partitioned-" + rows, database -> {
            database.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
                    "CREATE TABLE orders (id bigint, user_id bigint NOT NULL, note text, PRIMARY KEY (id),"
                            + " CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id)) PARTITION BY HASH (id)",
                    "CREATE TABLE orders_0 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                    "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                    "CREATE INDEX orders_user_idx ON orders (user_id)",
                    "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint, note text,"
                            + " CONSTRAINT posts_user_fk FOREIGN KEY (user_id) REFERENCES users (id))",
                    "CREATE INDEX posts_user_idx ON posts (user_id)",
                    "INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, " + rows + ") i",
                    "INSERT INTO orders SELECT i, i, 'order' FROM generate_series(1, " + rows + ") i",
                    "INSERT INTO posts SELECT i, i, 'post' FROM generate_series(1, " + rows + ") i");
            Migrations.baseline(database);
        });
    }
}
