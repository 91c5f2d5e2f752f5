package dev.cascadecleanup.catalog;

/** The kinds of relation that matter here ({@code pg_class.relkind}). */
public enum TableKind {
    TABLE("table"),
    PARTITIONED_TABLE("partitioned table"),
    FOREIGN_TABLE("foreign table"),
    VIEW("view"),
    MATERIALIZED_VIEW("materialized view");

    private final String words;

    TableKind(String words) {
        this.words = words;
    }

    /** Whether a foreign key can reference a relation of this kind. */
    public boolean canBeReferenced() {
        return this == TABLE || this == PARTITIONED_TABLE;
    }

    public static TableKind ofCode(String relkind) {
        return switch (relkind) {
            case "r" -> TABLE;
            case "p" -> PARTITIONED_TABLE;
            case "f" -> FOREIGN_TABLE;
            case "v" -> VIEW;
            case "m" -> MATERIALIZED_VIEW;
            default -> throw new IllegalArgumentException("unexpected relkind " + relkind);
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
