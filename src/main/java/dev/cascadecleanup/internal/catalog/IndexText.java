package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An index as CockroachDB prints it in {@code pg_indexes.indexdef}: the one place that has the names of its columns, and its condition.
 *
 * @param method {@code btree}, {@code gin}, ...
 * @param columns its columns in order, without those that are expressions
 * @param expressions whether some are
 * @param leading its first column, or null if that is an expression
 * @param condition what stands behind WHERE, or null
 */
public record IndexText(
        String method,
        List<String> columns,
        boolean expressions,
        @Nullable String leading,
        @Nullable String condition) {

    private static final String WHERE = " WHERE ";

    public IndexText {
        columns = List.copyOf(columns);
    }

    /** Reads {@code CREATE [UNIQUE] INDEX i ON d.s.t USING btree (a ASC, ...) ... [WHERE ...]}; empty if it is anything else. */
    public static Optional<IndexText> parse(@Nullable String indexdef) {
        if (indexdef == null) {
            return Optional.empty();
        }
        DefinitionText text = new DefinitionText(indexdef);
        if (!text.skip("CREATE INDEX ") && !text.skip("CREATE UNIQUE INDEX ") && !text.skip("CREATE INVERTED INDEX ")) {
            return Optional.empty();
        }
        if (text.name() == null || !text.skip(" ON ") || text.qualifiedName() == null || !text.skip(" USING ")) {
            return Optional.empty();
        }
        String method = text.name();
        List<String> elements = text.skip(" ") ? text.elements() : null;
        if (method == null || elements == null || elements.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = elements.stream().map(IndexText::columnOf).toList();
        List<String> columns = new ArrayList<>(names);
        columns.removeIf(String::isEmpty);
        boolean partial = text.skipTo(WHERE);
        return Optional.of(new IndexText(
                method,
                columns,
                names.contains(""),
                names.get(0).isEmpty() ? null : names.get(0),
                partial ? text.rest() : null));
    }

    /** The column of {@code "a b" ASC}, or "" for an expression. */
    private static String columnOf(String element) {
        DefinitionText text = new DefinitionText(element);
        String name = text.name();
        String rest = text.rest();
        return name != null && (rest.isEmpty() || rest.startsWith(" ")) && !rest.contains("(") ? name : "";
    }

    /** Whether a lookup of one value of its first column can use it: not an inverted one, and partial only where NULL is left out. */
    public boolean servesLookups() {
        if (leading == null || method.equals("gin") || method.equals("inverted")) {
            return false;
        }
        return condition == null
                || condition.equals("(" + leading + " IS NOT NULL)")
                || condition.equals("(" + Identifiers.quote(leading) + " IS NOT NULL)");
    }
}
