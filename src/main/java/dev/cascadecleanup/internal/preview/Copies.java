package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.preview.Copy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Counts the rows that stay and hold the person's key in a column without a foreign key. */
final class Copies {

    private static final int MOST_SECONDS = 10;
    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8");

    private final Connection connection;
    private final Product product;
    private final Model model;
    private final Rules rules;
    private final Walk walk;
    private final RowReader reader;

    Copies(Connection connection, Product product, Model model, Rules rules, Walk walk, RowReader reader) {
        this.connection = connection;
        this.product = product;
        this.model = model;
        this.rules = rules;
        this.walk = walk;
        this.reader = reader;
    }

    /**
     * One column.
     *
     * @param keyType the name of the type of the key
     * @param keys the people's keys, as the server writes them
     */
    Copy count(Table table, AuditFacts.Column column, String keyType, List<String> keys) throws SQLException {
        Family family = model.family(table);
        if (rules.isHidden(family)) {
            return new Copy(table.name(), column.name(), -1, "not counted: it cannot be read");
        }
        String condition = condition(column, keyType);
        // What fails, or takes too long, is not to end the transaction.
        Savepoint before = connection.setSavepoint();
        try {
            long rows = count(family, condition, keys);
            connection.releaseSavepoint(before);
            return new Copy(table.name(), column.name(), rows, "");
        } catch (SQLException e) {
            if (connection.isClosed()) {
                throw e;
            }
            connection.rollback(before);
            return new Copy(
                    table.name(),
                    column.name(),
                    -1,
                    "57014".equals(e.getSQLState())
                            ? "not counted within " + MOST_SECONDS + " s"
                            : "not counted: SQLSTATE " + e.getSQLState());
        }
    }

    private long count(Family family, String condition, List<String> keys) throws SQLException {
        List<Edge> takers = model.of(family).stream()
                .filter(edge -> edge.cascades() && walk.touches(edge, 0) && !rules.isHidden(edge.referenced()))
                .toList();
        if (takers.isEmpty()) {
            return reader.countWhere(family, condition, keys, MOST_SECONDS);
        }
        List<Integer> staying = new ArrayList<>(List.of(0));
        reader.where(family, condition, keys, takers, MOST_SECONDS, row -> {
            for (int i = 0; i < takers.size(); i++) {
                RowReader.Id referenced = row.referenced(i);
                if (referenced != null && walk.passes(0).of(referenced) != RowSet.NOT_THERE) {
                    return;
                }
            }
            staying.set(0, staying.get(0) + 1);
        });
        return staying.get(0);
    }

    private String condition(AuditFacts.Column column, String keyType) {
        boolean postgres = product == Product.POSTGRESQL;
        String text = postgres ? "pg_catalog.text" : "STRING";
        String equals = postgres ? " OPERATOR(pg_catalog.=) ANY (" : " = ANY (";
        String name = "c." + Identifiers.quote(column.name());
        String keys = "CAST(? AS " + text + "[])";
        if (column.array()) {
            return name + "::" + text + (postgres ? "[] OPERATOR(pg_catalog.&&) " : "[] && ") + keys;
        }
        if (NUMBERS.contains(column.type()) && NUMBERS.contains(keyType)) {
            return name + equals + keys + (postgres ? "::pg_catalog.int8[])" : "::int8[])");
        }
        if (column.type().equals("uuid") && keyType.equals("uuid")) {
            return name + equals + keys + (postgres ? "::pg_catalog.uuid[])" : "::uuid[])");
        }
        return name + "::" + text + equals + keys + ")";
    }
}
