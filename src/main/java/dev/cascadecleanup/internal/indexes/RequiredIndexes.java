package dev.cascadecleanup.internal.indexes;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code cascade_indexes = require}: no foreign key of a large table is converted without an index. */
public final class RequiredIndexes {

    /** Up to here a scan takes no longer than a person notices. */
    static final int MOST_ROWS_WITHOUT_INDEX = 10_000;

    private static final int MILLIS_TO_COUNT = 2_000;

    private final Connection connection;
    private final Server server;

    public RequiredIndexes(Connection connection, Server server) {
        this.connection = connection;
        this.server = server;
    }

    /** The conversions that lack an index and whose table is large, or cannot be counted. */
    public List<Problem> problems(CascadePlan plan, IndexPlan indexes) throws SQLException {
        Set<ForeignKey> converted = Collections.newSetFromMap(new IdentityHashMap<>());
        plan.conversions().stream().map(Conversion::foreignKey).forEach(converted::add);
        List<Problem> problems = new ArrayList<>();
        for (MissingIndex index : indexes.missing()) {
            List<ForeignKey> lacking =
                    index.foreignKeys().stream().filter(converted::contains).toList();
            if (!lacking.isEmpty()) {
                tooLarge(index)
                        .ifPresent(size -> problems.add(new Problem(
                                lacking.stream().map(ForeignKey::toString).collect(Collectors.joining(", "))
                                        + " has no usable index, and " + index.table() + " has " + size
                                        + " (cascade_indexes = require)",
                                String.join("; ", index.statements()) + "; or set cascade_indexes to create")));
            }
        }
        return problems;
    }

    /** Its size in words, or nothing if it is small. Statistics may be old, so that a small number is counted again. */
    private Optional<String> tooLarge(MissingIndex index) throws SQLException {
        if (index.rows() > MOST_ROWS_WITHOUT_INDEX) {
            return Optional.of("about " + index.rows() + " rows");
        }
        Optional<Boolean> counted = hasMoreRows(index.table());
        if (counted.isEmpty()) {
            return Optional.of("a number of rows that could not be found out");
        }
        return counted.get() ? Optional.of("more than " + MOST_ROWS_WITHOUT_INDEX + " rows") : Optional.empty();
    }

    private Optional<Boolean> hasMoreRows(Table table) throws SQLException {
        String only =
                server.product() == Product.COCKROACHDB || table.kind() == TableKind.PARTITIONED_TABLE ? "" : "ONLY ";
        String sql = "SELECT count(*) FROM (SELECT 1 FROM " + only
                + table.name().quoted() + " LIMIT " + (MOST_ROWS_WITHOUT_INDEX + 1) + ") AS counted";
        try {
            long rows = server.product() == Product.COCKROACHDB
                    ? count(sql)
                    : PostgresTransaction.read(connection, () -> {
                        Sql.execute(connection, "SET LOCAL statement_timeout = " + MILLIS_TO_COUNT);
                        return count(sql);
                    });
            return Optional.of(rows > MOST_ROWS_WITHOUT_INDEX);
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)
                    || SqlStates.is(e, SqlStates.QUERY_CANCELED)
                    || SqlStates.isLockConflict(e)) {
                // No SELECT on it, or somebody has it locked.
                return Optional.empty();
            }
            throw e;
        }
    }

    private long count(String sql) throws SQLException {
        return Sql.query(connection, sql, row -> row.getLong(1)).get(0);
    }
}
