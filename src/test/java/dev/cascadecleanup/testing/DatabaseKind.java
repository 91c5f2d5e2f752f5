package dev.cascadecleanup.testing;

/** The two databases that the library supports. */
public enum DatabaseKind {
    POSTGRESQL("PostgreSQL"),
    COCKROACHDB("CockroachDB");

    private final String displayName;

    DatabaseKind(String displayName) {
        this.displayName = displayName;
    }

    String displayName() {
        return displayName;
    }
}
