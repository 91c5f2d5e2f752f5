package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/** Deletes by primary key in serializable transactions, whatever the session's default is. */
final class CockroachSteps implements Steps {

    /** From when on there is SET LOCAL. */
    private static final int WITH_LOCAL_SETTINGS = 210_200;

    private final Connection connection;
    private final Server server;
    private final ParentKey parent;
    private final List<String> key;
    private final EraseFacts facts;
    private final EraseOptions options;

    CockroachSteps(
            Connection connection,
            Server server,
            ParentKey parent,
            List<String> key,
            EraseFacts facts,
            EraseOptions options) {
        this.connection = connection;
        this.server = server;
        this.parent = parent;
        this.key = key;
        this.facts = facts;
        this.options = options;
    }

    @Override
    public int count(DrainUnit unit, int limit) throws SQLException {
        return CockroachTransaction.read(
                connection,
                () -> Sql.queryFirst(connection, sql(unit).count(limit), row -> row.getInt("found"), key.toArray())
                        .orElse(0));
    }

    @Override
    public List<Long> estimate(List<DrainUnit> units) {
        return Collections.nCopies(units.size(), NO_ESTIMATES);
    }

    @Override
    public int delete(DrainUnit unit, int rows, boolean all) throws SQLException {
        return CockroachTransaction.write(connection, () -> {
            Sql.execute(connection, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
            if (server.version() >= WITH_LOCAL_SETTINGS) {
                Sql.execute(
                        connection,
                        "SET LOCAL statement_timeout = " + options.stepTimeout().toMillis());
            }
            return Sql.update(connection, sql(unit).deleteSomeByKey(rows), key.toArray());
        });
    }

    @Override
    public void tidy(DrainUnit unit) {}

    private DrainSql sql(DrainUnit unit) {
        return new DrainSql(Product.COCKROACHDB, parent, unit, facts);
    }
}
