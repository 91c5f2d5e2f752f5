package dev.cascadecleanup.catalog;

/** What happens to referencing rows when the referenced row is deleted or its key changes (PostgreSQL manual, 5.5.5). */
public enum ReferentialAction {
    NO_ACTION('a', "NO ACTION"),
    RESTRICT('r', "RESTRICT"),
    CASCADE('c', "CASCADE"),
    SET_NULL('n', "SET NULL"),
    SET_DEFAULT('d', "SET DEFAULT");

    private final char code;
    private final String sql;

    ReferentialAction(char code, String sql) {
        this.code = code;
        this.sql = sql;
    }

    /** The letter that {@code pg_constraint.confdeltype} and {@code confupdtype} hold. */
    public char code() {
        return code;
    }

    /** The words of the SQL standard. */
    public String sql() {
        return sql;
    }

    /** Whether this action lets a delete fail because of a referencing row. */
    public boolean refuses() {
        return this == NO_ACTION || this == RESTRICT;
    }

    /** The one with this letter in {@code pg_constraint.confdeltype} or {@code confupdtype}. */
    public static ReferentialAction ofCode(String code) {
        for (ReferentialAction action : values()) {
            if (code.length() == 1 && action.code == code.charAt(0)) {
                return action;
            }
        }
        throw new IllegalArgumentException("unknown referential action in the catalog: " + code);
    }

    @Override
    public String toString() {
        return sql;
    }
}
