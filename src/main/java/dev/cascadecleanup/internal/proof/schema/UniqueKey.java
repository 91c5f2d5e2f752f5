package dev.cascadecleanup.internal.proof.schema;

import java.util.List;

/**
 * Something that keeps two rows from being alike: a primary key, a unique constraint or index, or an exclusion constraint.
 *
 * @param name the index's name, which is the constraint's where there is one
 * @param columns the columns in it, those inside expressions included
 * @param definition as messages show it
 * @param primary whether it is the primary key
 * @param identifies whether two rows can never agree in it: not partial, no expression, no exclusion
 */
public record UniqueKey(String name, List<String> columns, String definition, boolean primary, boolean identifies) {

    public UniqueKey {
        columns = List.copyOf(columns);
    }
}
