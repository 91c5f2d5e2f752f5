package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.AuditFactsReader;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.OpenRows;
import dev.cascadecleanup.plan.PlanData;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@link PlanData}: the counts that an audit makes, for the open links alone and in a few seconds. */
public final class PlanDataReader {

    /** In one statement, so that a run takes as many for many foreign keys as for few. */
    private static final int MOST_COUNTS = 50;

    private static final Duration ONE_COUNT = Duration.ofSeconds(2);
    private static final Duration ALL_COUNTS = Duration.ofSeconds(5);

    private PlanDataReader() {}

    /** How many columns look like a reference to a parent and are in no foreign key. */
    public static int undeclared(Connection connection, ForeignKeyGraph graph, CascadePlan plan) throws SQLException {
        AuditFacts columns = guarded(connection, plan, () -> AuditFactsReader.readColumns(connection, graph));
        return new UndeclaredReferences(graph, columns, plan, AuditOptions.defaults())
                .columns()
                .size();
    }

    /** Over a connection outside a transaction. What the role may not read is not counted, and said to be so. */
    public static PlanData read(Connection connection, ForeignKeyGraph graph, CascadePlan plan) throws SQLException {
        int undeclared = undeclared(connection, graph, plan);
        if (plan.open().isEmpty()) {
            return new PlanData(List.of(), undeclared, "");
        }
        LinkCounts counts =
                new LinkCounts(new RowCounter(connection, plan.server().product(), MOST_COUNTS, ONE_COUNT, ALL_COUNTS));
        plan.reach().forEach(reach -> counts.ask(reach, reach.open()));
        String asOf = guarded(
                connection,
                plan,
                () -> Sql.query(connection, "SELECT now()::text", row -> row.getString(1))
                        .get(0));
        counts.count();
        Map<ForeignKey, OpenRows> rows = new LinkedHashMap<>();
        for (Link link : plan.open()) {
            counts.of(link)
                    .ifPresent(count -> rows.putIfAbsent(
                            link.foreignKey(), new OpenRows(link.foreignKey(), count.rows(), count.note())));
        }
        return new PlanData(List.copyOf(rows.values()), undeclared, rows.isEmpty() ? "" : asOf);
    }

    /** Under the system's own names alone, whatever stands first on the search path. */
    private static <T> T guarded(Connection connection, CascadePlan plan, PostgresTransaction.Work<T> work)
            throws SQLException {
        return plan.server().product() == Product.POSTGRESQL ? PostgresTransaction.read(connection, work) : work.run();
    }
}
