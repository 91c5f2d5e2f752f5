package dev.cascadecleanup.catalog;

/** The databases that this library knows. */
public enum Product {
    POSTGRESQL("PostgreSQL"),
    COCKROACHDB("CockroachDB");

    private final String displayName;

    Product(String displayName) {
        this.displayName = displayName;
    }

    @Override
    public String toString() {
        return displayName;
    }
}
