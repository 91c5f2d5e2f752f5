package dev.cascadecleanup.proof;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog does not say about a schema and the proof has to know. Immutable. Columns are written {@code table.column} or
 * {@code schema.table.column}, in SQL quoting where needed.
 */
public final class ProofHints {

    private static final ProofHints NONE = new ProofHints(Map.of(), List.of(), null);

    private final Map<String, String> expressions;
    private final List<String> skipped;
    private final @Nullable String firstRun;

    private ProofHints(Map<String, String> expressions, List<String> skipped, @Nullable String firstRun) {
        this.expressions = new LinkedHashMap<>(expressions);
        this.skipped = List.copyOf(skipped);
        this.firstRun = firstRun;
    }

    /** No hints. */
    public static ProofHints none() {
        return NONE;
    }

    /**
     * The value to insert into a column, as text that the column's type reads; null for NULL. Each row gets the same, so that a
     * unique column wants an {@link #expression(String, String)}.
     */
    public ProofHints value(String column, @Nullable String text) {
        return expression(column, text == null ? "NULL" : Identifiers.literal(text));
    }

    /** The SQL expression to insert into a column, such as {@code gen_random_uuid()}. It is put into the INSERT as it is. */
    public ProofHints expression(String column, String sql) {
        Map<String, String> more = new LinkedHashMap<>(expressions);
        more.put(Objects.requireNonNull(column, "column"), Objects.requireNonNull(sql, "sql"));
        return new ProofHints(more, skipped, firstRun);
    }

    /** A table to leave out, with all that is reached only through it. The report lists it as skipped. */
    public ProofHints skip(String table) {
        List<String> more = new ArrayList<>(skipped);
        more.add(Objects.requireNonNull(table, "table"));
        return new ProofHints(expressions, more, firstRun);
    }

    /**
     * SQL to run first, in the proof's own transaction: settings that triggers look at, rows of lookup tables. It must not end the
     * transaction.
     */
    public ProofHints firstRun(String sql) {
        return new ProofHints(expressions, skipped, Objects.requireNonNull(sql, "sql"));
    }

    public Map<String, String> expressions() {
        return expressions;
    }

    public List<String> skipped() {
        return skipped;
    }

    /** Or null. */
    public @Nullable String firstRun() {
        return firstRun;
    }
}
