package dev.cascadecleanup.internal.proof.value;

import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import java.util.List;

/** The type of a column, as far as it decides what a value of it looks like. */
public sealed interface SqlType {

    /** The type as a CAST writes it. */
    String sql();

    /** The type without the domains around it. */
    default SqlType plain() {
        return this;
    }

    /**
     * A type with an input syntax of its own: built in, or of an extension.
     *
     * @param name its name in the catalog, {@code int4} for integer
     * @param modifier {@code atttypmod}: the length or precision in the type's own encoding, -1 for none
     */
    record Scalar(String sql, String name, int modifier) implements SqlType {}

    /** An enum with its labels in order. */
    record Enumeration(String sql, List<String> labels) implements SqlType {

        public Enumeration {
            labels = List.copyOf(labels);
        }
    }

    /** A domain. */
    record Domain(String sql, SqlType base, boolean notNull, List<CheckConstraint> checks) implements SqlType {

        public Domain {
            checks = List.copyOf(checks);
        }

        @Override
        public SqlType plain() {
            return base.plain();
        }
    }

    /** An array of any number of dimensions. */
    record Array(String sql, SqlType element) implements SqlType {}

    /** A composite type with its fields' types in order. */
    record Composite(String sql, List<SqlType> fields) implements SqlType {

        public Composite {
            fields = List.copyOf(fields);
        }
    }

    /** A range, or a multirange of it. */
    record Range(String sql, SqlType subtype, boolean multiple) implements SqlType {}
}
