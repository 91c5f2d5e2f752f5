package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows that reference certain rows. Which rows those are is said by PostgreSQL's {@code ctid}, which stands still as long as one
 * snapshot is held, and by the primary key on CockroachDB; no other value leaves the server.
 */
class RowReader {

    /** A row of a physical table. */
    record Id(long heap, String text) {}

    /** One referencing row. */
    interface Found {

        /** The row that it references over the foreign key that was followed. */
        String referenced() throws SQLException;

        /** The row itself, if that was asked for. */
        Id child() throws SQLException;

        /** The row that it references over another foreign key, null if there is none. */
        @Nullable
        Id referenced(int other) throws SQLException;

        /** Whether its columns of that other foreign key all hold something. */
        boolean isSet(int other) throws SQLException;

        /** One of the conditions. */
        boolean holds(int condition) throws SQLException;
    }

    /** Takes rows one after the other. */
    @FunctionalInterface
    interface Taker {
        void take(Found row) throws SQLException;
    }

    private static final int FETCH = 5_000;
    /** Between the columns of a key: no text holds it. */
    private static final String SEPARATOR = "\u0001";

    private final Connection connection;
    private final boolean postgres;
    private final Map<Long, TableShape> shapes;
    private @Nullable String ownPath;
    private boolean underSystemPath;

    RowReader(Connection connection, Product product, Map<Long, TableShape> shapes) {
        this.connection = connection;
        this.postgres = product == Product.POSTGRESQL;
        this.shapes = shapes;
    }

    /**
     * From here on the statements hold expressions as the catalog prints them. All others are the same under any search path.
     */
    void useSystemPath() throws SQLException {
        if (postgres && !underSystemPath) {
            if (ownPath == null) {
                Sql.query(
                        connection,
                        "SELECT pg_catalog.current_setting('search_path')",
                        row -> ownPath = row.getString(1));
            }
            PostgresTransaction.useSystemPath(connection);
            underSystemPath = true;
        }
    }

    /** The same for functions that count on the session's own search path. What the catalog prints comes first in it. */
    void useOwnPath() throws SQLException {
        if (!postgres) {
            return;
        }
        String path = ownPath == null || ownPath.isBlank() ? "pg_catalog" : "pg_catalog, " + ownPath;
        Sql.query(connection, "SELECT pg_catalog.set_config('search_path', ?, true)", row -> row.getString(1), path);
        underSystemPath = false;
    }

    /** Something that reads. */
    @FunctionalInterface
    interface Reading {
        void run() throws SQLException;
    }

    /**
     * Reads by expressions of the schema, which may raise errors, and goes on in the same snapshot if one does.
     *
     * @return the error's SQLSTATE; not its words, in which there may be values
     */
    Optional<String> attempt(Reading reading) throws SQLException {
        Sql.execute(connection, "SAVEPOINT expressions");
        try {
            reading.run();
        } catch (SQLException e) {
            if (!isOfAnExpression(e)) {
                throw e;
            }
            Sql.execute(connection, "ROLLBACK TO SAVEPOINT expressions");
            return Optional.of(e.getSQLState());
        }
        Sql.execute(connection, "RELEASE SAVEPOINT expressions");
        return Optional.empty();
    }

    /** And not of the connection, the server's state, a cancellation, or what a retry mends (manual, appendix A). */
    private static boolean isOfAnExpression(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && Stream.of("08", "40", "53", "55P03", "57", "58", "XX").noneMatch(state::startsWith);
    }

    /**
     * How ids of this family's rows are kept.
     *
     * @param few whether 48 bits have to do
     */
    RowIds ids(Family family, boolean few) {
        if (postgres) {
            return new RowIds.Tids();
        }
        List<String> key = key(family);
        return !few
                        && key.size() == 1
                        && TableShape.of(shapes, family.oid())
                                .column(key.get(0))
                                .type()
                                .sql()
                                .matches("INT\\d*")
                ? new RowIds.Numbers()
                : new RowIds.Texts();
    }

    /** The primary key of CockroachDB's tables: there is always one. */
    private List<String> key(Family family) {
        return TableShape.of(shapes, family.oid()).uniqueKeys().stream()
                .filter(key -> key.primary())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no primary key of " + family.root()))
                .columns();
    }

    /**
     * The rows that reference some rows of a physical table.
     *
     * @param edge the foreign key to follow
     * @param heap the physical table
     * @param ids the referenced rows
     * @param withChild whether the rows' own ids are wanted
     * @param others other foreign keys of the rows
     * @param conditions SQL conditions on the row, alias {@code c}, and on what the others reference, aliases {@code p1} and so on
     */
    void read(
            Edge edge,
            Table heap,
            List<String> ids,
            boolean withChild,
            List<Edge> others,
            List<String> conditions,
            Taker taker)
            throws SQLException {
        List<String> selected = new ArrayList<>(idOf(edge.referenced(), "p0"));
        int referencedColumns = selected.size();
        int childStart = selected.size() + 1;
        if (withChild) {
            selected.addAll(id(edge.child(), "c"));
        }
        int[] starts = new int[others.size()];
        String joins = join(others, selected, starts);
        int conditionStart = selected.size() + 1;
        selected.addAll(conditions);
        String sql = "SELECT " + String.join(", ", selected) + from(edge, heap) + joins + where(ids);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, edge.referenced(), ids);
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery()) {
                Found row = new Row(
                        rows, edge, referencedColumns, edge.child(), childStart, others, starts, conditionStart);
                while (rows.next()) {
                    taker.take(row);
                }
            }
        }
    }

    /** Joins what other foreign keys reference, and selects its ids and whether the columns hold something. */
    private String join(List<Edge> others, List<String> selected, int[] starts) {
        StringBuilder joins = new StringBuilder();
        for (int i = 0; i < others.size(); i++) {
            Edge other = others.get(i);
            String alias = "p" + (i + 1);
            starts[i] = selected.size() + 1;
            selected.addAll(id(other.referenced(), alias));
            selected.add(allSet(other, "c"));
            joins.append(" LEFT JOIN ")
                    .append(table(other.fk().referencedTable()))
                    .append(' ')
                    .append(alias)
                    .append(" ON ")
                    .append(on(other, alias, "c"));
            if (other.partial()) {
                joins.append(" AND ").append(inHeaps(other));
            }
        }
        return joins.toString();
    }

    /** The current row of a result. */
    private final class Row implements Found {

        private final ResultSet rows;
        private final @Nullable Edge edge;
        private final int referencedColumns;
        private final Family child;
        private final int childStart;
        private final List<Edge> others;
        private final int[] starts;
        private final int conditionStart;

        Row(
                ResultSet rows,
                @Nullable Edge edge,
                int referencedColumns,
                Family child,
                int childStart,
                List<Edge> others,
                int[] starts,
                int conditionStart) {
            this.rows = rows;
            this.edge = edge;
            this.referencedColumns = referencedColumns;
            this.child = child;
            this.childStart = childStart;
            this.others = others;
            this.starts = starts;
            this.conditionStart = conditionStart;
        }

        @Override
        public String referenced() throws SQLException {
            if (edge == null) {
                throw new IllegalStateException("no foreign key was followed");
            }
            return Objects.requireNonNull(text(rows, 1, referencedColumns));
        }

        @Override
        public Id child() throws SQLException {
            return there(rows, childStart, child);
        }

        @Override
        public @Nullable Id referenced(int other) throws SQLException {
            return read(rows, starts[other], others.get(other).referenced());
        }

        @Override
        public boolean isSet(int other) throws SQLException {
            return rows.getBoolean(
                    starts[other] + id(others.get(other).referenced(), "p").size());
        }

        @Override
        public boolean holds(int condition) throws SQLException {
            return rows.getBoolean(conditionStart + condition);
        }
    }

    /**
     * How many rows reference some rows of a physical table, and for how many of them each condition holds.
     *
     * @param limit count no further; 0 for no limit
     */
    long[] count(Edge edge, Table heap, List<String> ids, List<String> conditions, long limit) throws SQLException {
        String count = count();
        String counts = count
                + IntStream.range(0, conditions.size())
                        .mapToObj(i -> ", " + count + " FILTER (WHERE h" + i + ")")
                        .collect(Collectors.joining());
        String columns = conditions.isEmpty()
                ? "1 AS one"
                : IntStream.range(0, conditions.size())
                        .mapToObj(i -> conditions.get(i) + " AS h" + i)
                        .collect(Collectors.joining(", "));
        String sql = conditions.isEmpty() && limit == 0
                ? "SELECT " + count + from(edge, heap) + where(ids)
                : "SELECT " + counts + " FROM (SELECT " + columns + from(edge, heap) + where(ids)
                        + (limit == 0 ? "" : " LIMIT " + limit) + ") AS counted";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, edge.referenced(), ids);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                long[] result = new long[conditions.size() + 1];
                for (int i = 0; i < result.length; i++) {
                    result[i] = rows.getLong(i + 1);
                }
                return result;
            }
        }
    }

    /** Takes counts. */
    @FunctionalInterface
    interface CountTaker {
        /** @param counts as {@link #count} gives them */
        void take(String referenced, long[] counts);
    }

    /** The same for each of the referenced rows that is referenced at all. */
    void countEach(Edge edge, Table heap, List<String> ids, List<String> conditions, CountTaker taker)
            throws SQLException {
        List<String> id = idOf(edge.referenced(), "p0");
        String sql = "SELECT " + String.join(", ", id) + ", " + count()
                + conditions.stream()
                        .map(condition -> ", " + count() + " FILTER (WHERE " + condition + ')')
                        .collect(Collectors.joining())
                + from(edge, heap) + where(ids) + " GROUP BY "
                + IntStream.rangeClosed(1, id.size()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, edge.referenced(), ids);
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long[] counts = new long[conditions.size() + 1];
                    for (int i = 0; i < counts.length; i++) {
                        counts[i] = rows.getLong(id.size() + 1 + i);
                    }
                    taker.take(Objects.requireNonNull(text(rows, 1, id.size())), counts);
                }
            }
        }
    }

    /** The ids of a few of the rows that {@link #count} counts. */
    List<Id> some(Edge edge, Table heap, List<String> ids, @Nullable String condition, int atMost) throws SQLException {
        String sql = "SELECT " + String.join(", ", id(edge.child(), "c")) + from(edge, heap) + where(ids)
                + (condition == null ? "" : " AND " + condition) + " LIMIT " + atMost;
        List<Id> some = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, edge.referenced(), ids);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    some.add(there(rows, 1, edge.child()));
                }
            }
        }
        return some;
    }

    /** The primary keys of rows, for people: {@code 5}, or {@code (3, 7)}. Empty where the table has none. */
    List<String> keys(Family family, List<Id> rows) throws SQLException {
        TableShape shape = shapes.get(family.oid());
        List<String> columns = shape == null ? List.of() : shape.identity().orElse(List.of());
        return values(family, rows, columns).stream()
                .map(values -> values.size() == 1 ? values.get(0) : '(' + String.join(", ", values) + ')')
                .toList();
    }

    /** The values of some columns of rows, as text. */
    List<List<String>> values(Family family, List<Id> rows, List<String> columns) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        if (columns.isEmpty()) {
            return all;
        }
        Map<Long, List<String>> byHeap = rows.stream()
                .collect(Collectors.groupingBy(Id::heap, Collectors.mapping(Id::text, Collectors.toList())));
        for (Map.Entry<Long, List<String>> each : byHeap.entrySet()) {
            Table heap = family.heap(each.getKey());
            String sql = "SELECT "
                    + columns.stream()
                            .map(column -> postgres
                                    ? asText("p0." + Identifiers.quote(column))
                                    : "p0." + Identifiers.quote(column) + "::text")
                            .collect(Collectors.joining(", "))
                    + " FROM " + table(family.root()) + " p0" + keyJoin(family) + where(each.getValue())
                    + (postgres
                            ? " AND p0.tableoid OPERATOR(pg_catalog.=) CAST('" + heap.oid() + "' AS pg_catalog.oid)"
                            : "");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, family, each.getValue());
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        List<String> values = new ArrayList<>();
                        for (int i = 1; i <= columns.size(); i++) {
                            values.add(result.getString(i));
                        }
                        all.add(values);
                    }
                }
            }
        }
        return all;
    }

    /**
     * The rows of a family for which a condition holds; its one parameter takes these texts as an array.
     *
     * @param others foreign keys whose referenced rows are wanted too
     */
    void where(Family family, String condition, List<String> texts, List<Edge> others, int seconds, Taker taker)
            throws SQLException {
        List<String> selected = new ArrayList<>(id(family, "c"));
        int[] starts = new int[others.size()];
        String joins = join(others, selected, starts);
        String sql = "SELECT " + String.join(", ", selected) + " FROM " + table(family.root()) + " c" + joins
                + " WHERE " + condition;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout(seconds);
            statement.setArray(1, connection.createArrayOf("text", texts.toArray()));
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery()) {
                Found row = new Row(rows, null, 0, family, 1, others, starts, 0);
                while (rows.next()) {
                    taker.take(row);
                }
            }
        }
    }

    /** How many rows of a family a condition holds for. */
    long countWhere(Family family, String condition, List<String> texts, int seconds) throws SQLException {
        String sql = "SELECT " + count() + " FROM " + table(family.root()) + " c WHERE " + condition;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout(seconds);
            statement.setArray(1, connection.createArrayOf("text", texts.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** The rows of a table, with those of its inheritance children, whose columns have these values. */
    List<Id> rowsOf(Table parent, List<Family> sources, String condition, List<String> values) throws SQLException {
        Family family = sources.get(0);
        String sql = select(parent, family) + condition;
        List<Id> rows = new ArrayList<>();
        rowsOf(sql, values, family, rows::add);
        return rows;
    }

    private void rowsOf(String sql, List<String> values, Family family, Consumer<Id> taker) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                statement.setString(i + 1, values.get(i));
            }
            statement.setFetchSize(FETCH);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    taker.accept(postgres ? new Id(result.getLong(1), result.getString(2)) : there(result, 1, family));
                }
            }
        }
    }

    /** How many rows a table has, with those of its inheritance children. */
    long count(Table parent) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT " + count() + " FROM " + parent.name().quoted());
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private String select(Table parent, Family family) {
        String columns = postgres ? "c.tableoid::bigint, " + asText("c.ctid") : String.join(", ", id(family, "c"));
        return "SELECT " + columns + " FROM " + parent.name().quoted() + " c WHERE ";
    }

    /** Some rows of a table, chosen at random; all of them for 0. */
    void sample(Table parent, List<Family> sources, int most, Consumer<Id> taker) throws SQLException {
        Family family = sources.get(0);
        rowsOf(
                select(parent, family)
                        + (most == 0
                                ? "true"
                                : "true ORDER BY " + (postgres ? "pg_catalog." : "") + "random() LIMIT " + most),
                List.of(),
                family,
                taker);
    }

    /** The row that these values reference over a foreign key; null if there is none. */
    @Nullable
    Id referencedByDefault(Edge edge, List<String> values) throws SQLException {
        useSystemPath();
        String condition = IntStream.range(0, values.size())
                .mapToObj(i -> edge.comparisons()
                        .get(i)
                        .sql(
                                "p."
                                        + Identifiers.quote(edge.definition()
                                                .referencedColumns()
                                                .get(i)),
                                values.get(i)))
                .collect(Collectors.joining(" AND "));
        String sql = "SELECT " + String.join(", ", id(edge.referenced(), "p")) + " FROM "
                + table(edge.fk().referencedTable()) + " p WHERE " + condition;
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? read(row, 1, edge.referenced()) : null;
        }
    }

    String table(Table table) {
        boolean only = postgres && table.kind() != TableKind.PARTITIONED_TABLE;
        return (only ? "ONLY " : "") + table.name().quoted();
    }

    private String from(Edge edge, Table heap) {
        return " FROM " + table(heap) + " p0" + keyJoin(edge.referenced()) + " JOIN "
                + table(edge.fk().table()) + " c ON " + on(edge, "p0", "c");
    }

    /** CockroachDB: the keys as a table. */
    private String keyJoin(Family referenced) {
        if (postgres) {
            return "";
        }
        List<String> key = key(referenced);
        TableShape shape = TableShape.of(shapes, referenced.oid());
        return " JOIN (SELECT "
                + IntStream.range(0, key.size())
                        .mapToObj(i -> "unnest(?::STRING[])::"
                                + shape.column(key.get(i)).type().sql() + " AS k" + i)
                        .collect(Collectors.joining(", "))
                + ") k ON "
                + IntStream.range(0, key.size())
                        .mapToObj(i -> "p0." + Identifiers.quote(key.get(i)) + " = k.k" + i)
                        .collect(Collectors.joining(" AND "));
    }

    /** One row is written as one, for which the server need not plan anew each time. */
    private String where(List<String> ids) {
        return !postgres
                ? " WHERE true"
                : ids.size() == 1
                        ? " WHERE p0.ctid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.tid)"
                        : " WHERE p0.ctid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.tid[]))";
    }

    private String count() {
        return postgres ? "pg_catalog.count(*)" : "count(*)";
    }

    /** As text, whatever {@code text} is in the search path. */
    private static String asText(String sql) {
        return "CAST(" + sql + " AS pg_catalog.text)";
    }

    private void bind(PreparedStatement statement, Family referenced, List<String> ids) throws SQLException {
        if (postgres) {
            statement.setString(
                    1,
                    ids.size() == 1
                            ? ids.get(0)
                            : ids.stream().map(id -> '"' + id + '"').collect(Collectors.joining(",", "{", "}")));
            return;
        }
        int columns = key(referenced).size();
        for (int i = 0; i < columns; i++) {
            int column = i;
            statement.setArray(
                    i + 1,
                    connection.createArrayOf(
                            "text",
                            ids.stream()
                                    .map(id -> id.split(SEPARATOR, -1)[column])
                                    .toArray()));
        }
    }

    /** The condition that a row references another: both aliases are of tables that the foreign key connects. */
    static String on(Edge edge, String referenced, String referencing) {
        List<String> columns = edge.definition().columns();
        return IntStream.range(0, columns.size())
                .mapToObj(i -> edge.comparisons()
                        .get(i)
                        .sql(
                                referenced
                                        + '.'
                                        + Identifiers.quote(edge.definition()
                                                .referencedColumns()
                                                .get(i)),
                                referencing + '.' + Identifiers.quote(columns.get(i))))
                .collect(Collectors.joining(" AND "));
    }

    private static String inHeaps(Edge edge) {
        return "c.tableoid OPERATOR(pg_catalog.=) ANY (CAST('"
                + edge.childHeaps().stream().map(String::valueOf).sorted().collect(Collectors.joining(",", "{", "}"))
                + "' AS pg_catalog.oid[]))";
    }

    static String allSet(Edge edge, String alias) {
        String set = edge.definition().columns().stream()
                .map(column -> alias + '.' + Identifiers.quote(column) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        return '(' + set + (edge.partial() ? " AND " + inHeaps(edge) : "") + ')';
    }

    private List<String> id(Family family, String alias) {
        if (postgres) {
            return family.heaps().size() > 1
                    ? List.of(alias + ".tableoid::bigint", asText(alias + ".ctid"))
                    : List.of(asText(alias + ".ctid"));
        }
        return key(family).stream()
                .map(column -> alias + '.' + Identifiers.quote(column) + "::STRING")
                .toList();
    }

    private List<String> idOf(Family family, String alias) {
        return postgres ? List.of(asText(alias + ".ctid")) : id(family, alias);
    }

    private Id there(ResultSet row, int start, Family family) throws SQLException {
        return Objects.requireNonNull(read(row, start, family));
    }

    /** Null where an outer join has found none. */
    private @Nullable Id read(ResultSet row, int start, Family family) throws SQLException {
        if (postgres && family.heaps().size() > 1) {
            String tid = row.getString(start + 1);
            return tid == null ? null : new Id(row.getLong(start), tid);
        }
        String text = text(row, start, postgres ? 1 : key(family).size());
        return text == null ? null : new Id(family.heaps().keySet().iterator().next(), text);
    }

    private static @Nullable String text(ResultSet row, int start, int columns) throws SQLException {
        String first = row.getString(start);
        if (columns == 1 || first == null) {
            return first;
        }
        StringBuilder text = new StringBuilder(first);
        for (int i = 1; i < columns; i++) {
            text.append(SEPARATOR).append(row.getString(start + i));
        }
        return text.toString();
    }
}
