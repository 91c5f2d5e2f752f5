package dev.cascadecleanup.internal.script;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.ColumnPairs;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.internal.engine.cockroach.CockroachSwap;
import dev.cascadecleanup.internal.engine.cockroach.SwapStep;
import dev.cascadecleanup.internal.engine.postgres.InheritedNames;
import dev.cascadecleanup.internal.engine.postgres.LockTimeouts;
import dev.cascadecleanup.internal.engine.postgres.PartitionRoute;
import dev.cascadecleanup.internal.engine.postgres.PostgresLocks;
import dev.cascadecleanup.internal.engine.postgres.TriggerStateSql;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.IndexJournal;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalState;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.MissingIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Conversions as a script to be reviewed and run by hand, with the statements that the engines would send. What an engine decides while
 * it runs is not in it: it goes straight on, and stops where anything is not as it was when the script was written.
 */
public final class MigrationScript {

    private static final String CONSTRAINT_TABLES =
            "pg_catalog.pg_constraint k JOIN pg_catalog.pg_class child ON child.oid = k.conrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = child.relnamespace";

    private final Connection connection;
    private final Server server;
    private final CascadeOptions options;
    private final MigrationIdentity identity;
    private final Journal journal;
    private final boolean undo;
    private final StringBuilder text = new StringBuilder();
    private List<IndexEntry> builtAhead = List.of();
    private List<MissingIndex> built = List.of();
    private List<DroppedIndex> dropped = List.of();

    private MigrationScript(
            Connection connection, Server server, CascadeOptions options, MigrationIdentity identity, boolean undo) {
        this.connection = connection;
        this.server = server;
        this.options = options;
        this.identity = identity;
        this.journal = new Journal(connection, identity.historySchema());
        this.undo = undo;
    }

    /**
     * The script of a migration.
     *
     * @param connection for what the conversions do not say: the names on partitions
     * @param comment lines to put at its head
     * @param builtAhead the indexes that become its own
     * @throws SQLException if the server answers with an error
     */
    public static String converting(
            Connection connection,
            Server server,
            CascadeOptions options,
            MigrationIdentity identity,
            List<String> comment,
            List<IndexEntry> builtAhead,
            List<MissingIndex> indexes,
            List<Conversion> conversions)
            throws SQLException {
        MigrationScript script = new MigrationScript(connection, server, options, identity, false);
        script.builtAhead = builtAhead;
        script.built = indexes;
        return script.write(comment, conversions);
    }

    /** The script of its undo; the foreign keys of the conversions are as the migration has left them, or would leave them. */
    public static String undoing(
            Connection connection,
            Server server,
            CascadeOptions options,
            MigrationIdentity identity,
            List<String> comment,
            List<Conversion> conversions,
            List<DroppedIndex> indexes)
            throws SQLException {
        CascadeOptions exact = options.toBuilder().validate(true).build();
        MigrationScript script = new MigrationScript(connection, server, exact, identity, true);
        script.dropped = indexes;
        return script.write(comment, conversions);
    }

    private String write(List<String> comment, List<Conversion> conversions) throws SQLException {
        comment.forEach(this::comment);
        text.append('\n');
        IndexScript indexes = new IndexScript(
                server.product(),
                options,
                identity,
                new IndexJournal(connection, identity.historySchema(), identity.historyTable()),
                this::comment,
                this::statement);
        indexes.adopt(builtAhead);
        indexes.build(built);
        if (conversions.isEmpty()) {
            indexes.drop(dropped);
            return text.toString();
        }
        if (server.product() == Product.COCKROACHDB) {
            statements(conversions);
        } else {
            statement(PostgresLocks.keepSearchPath());
            statement(PostgresLocks.leaveSystemSearchPath());
            PostgresTransaction.read(connection, () -> statements(conversions));
            text.append('\n');
            statement(PostgresLocks.useKeptSearchPath(false));
        }
        indexes.drop(dropped);
        return text.toString();
    }

    private void statements(List<Conversion> conversions) throws SQLException {
        if (!undo) {
            statement(journal.createStatement());
        }
        int number = 0;
        for (Conversion conversion : conversions) {
            text.append('\n');
            comment("[" + ++number + '/' + conversions.size() + "] " + conversion);
            if (server.product() == Product.POSTGRESQL) {
                postgres(conversion);
            } else {
                cockroach(conversion);
            }
        }
    }

    private void postgres(Conversion conversion) throws SQLException {
        ForeignKey fk = conversion.foreignKey();
        boolean partitioned = fk.table().kind() == TableKind.PARTITIONED_TABLE;
        boolean throughPartitions =
                partitioned && server.major() <= PartitionRoute.LAST_MAJOR_WITHOUT_NOT_VALID_ON_PARTITIONED;
        if (throughPartitions) {
            standIns(conversion);
        }
        boolean validationFollows = conversion.target().validated() && options.validate() && !throughPartitions;
        begin(LockTimeouts.ofAttempt(gentleTimeout()));
        statement(PostgresLocks.gentleLock(fk.table()));
        if (fk.referencedTable().alterable() && !fk.referencedTable().equals(fk.table())) {
            statement(PostgresLocks.gentleLock(fk.referencedTable()));
        }
        guard(conversion);
        journalBegin(conversion);
        LockTimeouts.ofAttempt(options.lockTimeout()).forEach(this::statement);
        String add = ConstraintSql.add(fk.name(), conversion.target());
        statement(PostgresLocks.useKeptSearchPath(true));
        statement(ConstraintSql.alter(
                fk.table().name(), ConstraintSql.drop(fk.name()), throughPartitions ? add : add + " NOT VALID"));
        if (conversion.comment() != null) {
            statement(ConstraintSql.comment(fk.table().name(), fk.name(), conversion.comment()));
        }
        statement(PostgresLocks.useSystemSearchPath());
        if (!conversion.triggerStates().isEmpty()) {
            statement(TriggerStateSql.restore(constraintOid(fk), conversion.triggerStates()));
        }
        if (partitioned) {
            InheritedNames.of(connection, fk).restore(constraintOid(fk)).ifPresent(this::statement);
        }
        journalMark(fk, undo ? validationFollows ? JournalState.UNDOING : JournalState.UNDONE : JournalState.CONVERTED);
        statement("COMMIT");
        if (validationFollows) {
            validate(fk.table().name(), fk.name());
            if (undo) {
                journalMark(fk, JournalState.UNDONE);
            }
        }
    }

    /** On each partition the new foreign key first, so that the swap attaches those and reads nothing. */
    private void standIns(Conversion conversion) throws SQLException {
        ForeignKey fk = conversion.foreignKey();
        String standIn = TemporaryNames.of(fk.table().name(), fk.name());
        for (TableName leaf : leaves(fk)) {
            begin(LockTimeouts.ofAttempt(options.lockTimeout()));
            statement(PostgresLocks.useKeptSearchPath(true));
            statement(ConstraintSql.alter(leaf, ConstraintSql.add(standIn, conversion.target()) + " NOT VALID"));
            statement("COMMIT");
            validate(leaf, standIn);
        }
    }

    private List<TableName> leaves(ForeignKey fk) throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT n.nspname, c.relname
                FROM pg_catalog.pg_partition_tree(?::oid::pg_catalog.regclass) p
                JOIN pg_catalog.pg_class c ON c.oid = p.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE p.isleaf AND c.relkind = 'r' ORDER BY n.nspname, c.relname
                """,
                row -> new TableName(row.getString("nspname"), row.getString("relname")),
                fk.table().oid());
    }

    private void validate(TableName table, String constraint) {
        begin(LockTimeouts.ofLongWork(gentleTimeout(), server.major()));
        statement(PostgresLocks.useKeptSearchPath(true));
        statement(ConstraintSql.alter(table, ConstraintSql.validate(constraint)));
        statement("COMMIT");
    }

    private void begin(List<String> timeouts) {
        statement("BEGIN ISOLATION LEVEL READ COMMITTED");
        timeouts.forEach(this::statement);
        statement(LockTimeouts.idle());
        statement("SET LOCAL synchronous_commit = local");
    }

    private Duration gentleTimeout() {
        return LockTimeouts.gentle(options.lockTimeout(), server.deadlockTimeout());
    }

    private void cockroach(Conversion conversion) {
        ForeignKey fk = conversion.foreignKey();
        CockroachSwap.Task task = new CockroachSwap.Task(
                fk.table().name(),
                fk.name(),
                TemporaryNames.of(fk.table().name(), fk.name()),
                fk.definition(),
                conversion.target(),
                conversion.comment());
        guard(conversion);
        journalBegin(conversion);
        statement(task.statement(SwapStep.ADD_STAND_IN, false));
        if (task.comment() != null) {
            statement(task.commentOnStandIn());
        }
        statement(task.statement(SwapStep.DROP_ORIGINAL, false));
        statement(task.statement(SwapStep.RENAME_STAND_IN, false));
        journalMark(fk, undo ? JournalState.UNDONE : JournalState.CONVERTED);
    }

    /** The cast fails, with the text in its message, unless the foreign key is what the conversion starts from. */
    private void guard(Conversion conversion) {
        ForeignKey fk = conversion.foreignKey();
        ForeignKeyDefinition from = fk.definition();
        StringBuilder sql = new StringBuilder("SELECT CAST(CASE WHEN count(*) = 1 THEN '1' ELSE ")
                .append(Identifiers.literal(fk.qualifiedName() + " is not what it was, make a new script"))
                .append(" END AS integer) AS as_planned\n  FROM ")
                .append(CONSTRAINT_TABLES);
        if (server.product() == Product.POSTGRESQL) {
            attributes(sql, from);
        }
        sql.append(
                        "\n  JOIN pg_catalog.pg_class r ON r.oid = k.confrelid\n  JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace\n  WHERE ")
                .append(isConstraint(fk))
                .append("\n  AND rn.nspname = ")
                .append(Identifiers.literal(from.referencedTable().schema()))
                .append(" AND r.relname = ")
                .append(Identifiers.literal(from.referencedTable().name()))
                .append("\n  AND ")
                .append(
                        server.product() == Product.POSTGRESQL
                                ? "pg_catalog.array_length(k.conkey, 1) = "
                                        + from.columns().size()
                                : columnsInDefinition(from))
                .append(" AND k.confdeltype = '")
                .append(from.onDelete().code())
                .append("' AND k.confupdtype = '")
                .append(from.onUpdate().code())
                .append("' AND k.confmatchtype = '")
                .append(from.match().code())
                .append('\'');
        if (server.product() == Product.POSTGRESQL) {
            sql.append(" AND k.condeferrable = ")
                    .append(from.deferrability() != Deferrability.NOT_DEFERRABLE)
                    .append(" AND k.condeferred = ")
                    .append(from.deferrability() == Deferrability.INITIALLY_DEFERRED);
        }
        if (!undo) {
            sql.append(" AND k.convalidated = ").append(from.validated());
        }
        statement(sql.toString());
    }

    private static void attributes(StringBuilder sql, ForeignKeyDefinition from) {
        for (int i = 1; i <= from.columns().size(); i++) {
            attribute(
                    sql,
                    "a" + i,
                    "k.conrelid",
                    "k.conkey[" + i + "]",
                    from.columns().get(i - 1));
            attribute(
                    sql,
                    "b" + i,
                    "k.confrelid",
                    "k.confkey[" + i + "]",
                    from.referencedColumns().get(i - 1));
        }
    }

    /** CockroachDB's column numbers lead nowhere ({@link ColumnPairs}), but its text has the names, quoted as by quote_ident. */
    private static String columnsInDefinition(ForeignKeyDefinition from) {
        return "strpos(k.condef, concat('FOREIGN KEY (', " + quotedByServer(from.columns()) + ", ') REFERENCES ')) = 1"
                + " AND strpos(k.condef, concat(quote_ident("
                + Identifiers.literal(from.referencedTable().name()) + "), '(', "
                + quotedByServer(from.referencedColumns()) + ", ')')) > 0";
    }

    private static String quotedByServer(List<String> names) {
        return names.stream()
                .map(name -> "quote_ident(" + Identifiers.literal(name) + ")")
                .collect(Collectors.joining(", ', ', "));
    }

    private static void attribute(StringBuilder sql, String alias, String table, String number, String name) {
        sql.append("\n  JOIN pg_catalog.pg_attribute ")
                .append(alias)
                .append(" ON ")
                .append(alias)
                .append(".attrelid = ")
                .append(table)
                .append(" AND ")
                .append(alias)
                .append(".attnum = ")
                .append(number)
                .append(" AND ")
                .append(alias)
                .append(".attname = ")
                .append(Identifiers.literal(name))
                .append(" AND NOT ")
                .append(alias)
                .append(".attisdropped");
    }

    private static String isConstraint(ForeignKey fk) {
        return "k.contype = 'f' AND n.nspname = "
                + Identifiers.literal(fk.table().name().schema()) + " AND child.relname = "
                + Identifiers.literal(fk.table().name().name()) + " AND k.conname = " + Identifiers.literal(fk.name());
    }

    private static String constraintOid(ForeignKey fk) {
        return "SELECT k.oid FROM " + CONSTRAINT_TABLES + " WHERE " + isConstraint(fk);
    }

    private static SqlStatement.Expression constraintOidAsNumber(ForeignKey fk) {
        return new SqlStatement.Expression(
                "(SELECT CAST(k.oid AS bigint) FROM " + CONSTRAINT_TABLES + " WHERE " + isConstraint(fk) + ")");
    }

    static SqlStatement.Expression tableOid(TableName table) {
        return new SqlStatement.Expression(
                "(SELECT CAST(t.oid AS bigint) FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n"
                        + " ON n.oid = t.relnamespace WHERE n.nspname = " + Identifiers.literal(table.schema())
                        + " AND t.relname = "
                        + Identifiers.literal(table.name()) + ")");
    }

    private void journalBegin(Conversion conversion) {
        ForeignKey fk = conversion.foreignKey();
        if (undo) {
            if (server.product() == Product.COCKROACHDB) {
                journalMark(fk, JournalState.UNDOING);
            }
            return;
        }
        JournalEntry entry = JournalEntry.begin(
                new UUID(0, 0),
                identity,
                fk,
                conversion.target(),
                TemporaryNames.of(fk.table().name(), fk.name()));
        journal.beginStatements(
                        entry,
                        tableOid(fk.table().name()),
                        constraintOidAsNumber(fk),
                        tableOid(fk.referencedTable().name()))
                .forEach(statement -> statement(statement.inlined()));
    }

    private void journalMark(ForeignKey fk, JournalState state) {
        statement(journal.markStatement(identity, fk.table().name(), fk.name(), state, constraintOidAsNumber(fk))
                .inlined());
    }

    private void statement(String sql) {
        text.append(sql.strip()).append(";\n");
    }

    private void comment(String line) {
        CommentLines.of(line).forEach(each -> text.append(each).append('\n'));
    }
}
