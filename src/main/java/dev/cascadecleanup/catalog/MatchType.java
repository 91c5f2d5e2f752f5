package dev.cascadecleanup.catalog;

/** How a composite key with NULLs is matched (PostgreSQL manual, CREATE TABLE, {@code MATCH}). */
public enum MatchType {
    SIMPLE('s'),
    FULL('f'),
    PARTIAL('p');

    private final char code;

    MatchType(char code) {
        this.code = code;
    }

    /** The letter that {@code pg_constraint.confmatchtype} holds. */
    public char code() {
        return code;
    }

    /** The one with this letter in {@code pg_constraint.confmatchtype}. */
    public static MatchType ofCode(String code) {
        return switch (code) {
            case "s" -> SIMPLE;
            case "f" -> FULL;
            case "p" -> PARTIAL;
            default -> throw new IllegalArgumentException("unknown match type in the catalog: " + code);
        };
    }
}
