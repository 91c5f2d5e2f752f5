package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.internal.proof.value.SqlType;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column as an INSERT sees it.
 *
 * @param number its number in the table ({@code attnum})
 * @param name its name
 * @param type its type
 * @param notNull whether it must not be NULL, by its own declaration, its domain's or a check's
 * @param defaultSql the expression of its default, or null
 * @param source who gives it its value when the INSERT does not
 */
public record Column(
        int number,
        String name,
        SqlType type,
        boolean notNull,
        @Nullable String defaultSql,
        Source source) {

    /** Where a value comes from that the INSERT leaves out. */
    public enum Source {
        /** From nowhere: NULL. */
        NONE,
        /** From the default. */
        DEFAULT,
        /** From an identity that also takes explicit values. */
        IDENTITY,
        /** From an identity that takes them only with OVERRIDING SYSTEM VALUE. */
        IDENTITY_ALWAYS,
        /** From a generation expression; never from an INSERT. */
        GENERATED
    }

    private static final Set<String> NEW_EVERY_TIME =
            Set.of("nextval", "random", "uuid", "unique_rowid", "ulid", "cuid", "nanoid", "clock_timestamp", "gen_");

    /** The same, but not NULL. */
    Column asNotNull() {
        return new Column(number, name, type, true, defaultSql, source);
    }

    /** Whether the value that it gets by itself is another one in every row. */
    public boolean isNewEveryTime() {
        if (source == Source.IDENTITY || source == Source.IDENTITY_ALWAYS) {
            return true;
        }
        String text = defaultSql == null ? "" : defaultSql.toLowerCase(Locale.ROOT);
        return source == Source.DEFAULT && NEW_EVERY_TIME.stream().anyMatch(text::contains);
    }

    /** Whether the column gets a value other than NULL when the INSERT leaves it out. */
    public boolean isSupplied() {
        return source != Source.NONE;
    }
}
