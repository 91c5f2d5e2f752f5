package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.catalog.ForeignKey;
import org.jspecify.annotations.Nullable;

/** Somebody else altered or dropped a foreign key, or a table that it connects, after the catalog was read. Nothing was changed. */
public final class ForeignKeyChangedException extends Exception {

    private static final long serialVersionUID = 1L;

    public ForeignKeyChangedException(ForeignKey foreignKey) {
        this(foreignKey, null);
    }

    public ForeignKeyChangedException(ForeignKey foreignKey, @Nullable Throwable cause) {
        this(foreignKey.toString(), cause);
    }

    /** For a foreign key of which only the name is known. */
    public ForeignKeyChangedException(String foreignKey, @Nullable Throwable cause) {
        super(foreignKey + " was changed or dropped by someone else while the migration ran", cause);
    }
}
