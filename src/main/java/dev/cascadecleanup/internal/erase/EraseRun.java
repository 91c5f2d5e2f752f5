package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.erase.EraseIncompleteException;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.erase.EraseRefusedException;
import dev.cascadecleanup.erase.NoSuchPersonException;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.ReplicationRole;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.preview.PlainSchema;
import dev.cascadecleanup.internal.preview.PreviewRefusedException;
import dev.cascadecleanup.internal.preview.PreviewRun;
import dev.cascadecleanup.internal.preview.SchemaMemory;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.preview.PreviewOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Erases a person: look ahead, drain, DELETE. */
public final class EraseRun {

    private final Connection connection;
    private final @Nullable DataSource monitor;
    private final ReadOnce catalog;
    private final Server server;
    private final String schema;
    private final CascadeOptions cascade;
    private final EraseOptions options;
    private final Console console;
    private final SchemaMemory schemas;
    private final @Nullable Foresight foresight;

    /**
     * On an open session.
     *
     * @param connection a connection outside of a transaction, with autocommit on
     * @param monitor gives a second connection to renew a lease with on CockroachDB, or null
     * @param schema Flyway's default schema, where the lease's table is
     * @param cascade which table is the parent, and what has been decided about its foreign keys
     * @param schemas what earlier previews over the same data source have found
     */
    public EraseRun(
            Connection connection,
            @Nullable DataSource monitor,
            Catalog catalog,
            Server server,
            String schema,
            CascadeOptions cascade,
            EraseOptions options,
            Console console,
            SchemaMemory schemas) {
        this(connection, monitor, catalog, server, schema, cascade, options, console, schemas, null);
    }

    private EraseRun(
            Connection connection,
            @Nullable DataSource monitor,
            Catalog catalog,
            Server server,
            String schema,
            CascadeOptions cascade,
            EraseOptions options,
            Console console,
            SchemaMemory schemas,
            @Nullable Foresight foresight) {
        this.connection = connection;
        this.monitor = monitor;
        this.catalog = new ReadOnce(catalog);
        this.server = server;
        this.schema = schema;
        this.cascade = cascade;
        this.options = options;
        this.console = console;
        this.schemas = schemas;
        this.foresight = foresight;
    }

    /** The same with another look ahead. */
    public EraseRun withForesight(Foresight other) {
        return new EraseRun(
                connection, monitor, catalog.behind(), server, schema, cascade, options, console, schemas, other);
    }

    /**
     * Erases one person.
     *
     * @param text the key, as a preview understands it
     * @throws CascadeException one of those of the package {@code erase}, saying what is gone
     */
    public EraseReceipt erase(String text) throws SQLException {
        return erase(text, DeleteAtOnce.Attempt.NONE, new EraseMemory());
    }

    /**
     * The same for whoever has tried already.
     *
     * @param tried how far that got
     * @param memory what to remember the parent in
     */
    EraseReceipt erase(String text, DeleteAtOnce.Attempt tried, EraseMemory memory) throws SQLException {
        if (text == null) {
            throw new IllegalArgumentException("a key is not null");
        }
        refuseReplica();
        Optional<ParentCandidates> candidates = server.product() == Product.POSTGRESQL
                ? ParentCandidates.of(cascade.parents(), schema, server)
                : Optional.empty();
        Optional<ParentFinder.Found> found =
                candidates.isEmpty() ? Optional.empty() : ParentFinder.find(connection, candidates.get());
        ParentKey of = found.isPresent()
                ? ParentKeyReader.existing(found.get().key())
                : ParentKeyReader.read(connection, server, parent(catalog.read()));
        Optional<PlainParent> plain = found.map(ParentFinder.Found::stamp)
                .flatMap(stamp -> PlainParent.of(of, candidates.orElseThrow(), server, stamp));
        memory.remember(plain.orElse(null));
        DeleteAtOnce.Attempt attempt = tried;
        // What went wrong on the same parent is found out below, and not by running into it once more.
        boolean again = plain.isPresent() && plain.get().equals(tried.parent());
        if (!options.preview() && !tried.tooLong() && plain.isPresent() && !again && PlainParent.isValue(text)) {
            attempt = new DeleteAtOnce(connection, plain.get(), options).of(text);
            EraseReceipt receipt = attempt.receipt();
            if (receipt != null) {
                return receipt;
            }
        }
        try {
            ParentRow row = new ParentRows(connection, server, of).find(text, plain.isPresent());
            try (MigrationLock lock = PersonLock.take(connection, monitor, server, schema, of, row.key(), console)) {
                Person person = new Person(text, of, row, lock, attempt);
                EraseReceipt receipt = person.erase();
                if (options.preview()) {
                    memory.rememberSchema(person.schema);
                }
                return receipt;
            }
        } catch (PreviewRefusedException e) {
            throw new NoSuchPersonException(e.getMessage() + "; nothing was deleted");
        }
    }

    /** In such a session no foreign key does anything (manual, 19.11.1): the DELETE would leave all rows of the person behind. */
    private void refuseReplica() throws SQLException {
        if (ReplicationRole.isReplica(connection, server.product())) {
            throw new CascadeException(
                    "this session is one of replication (session_replication_role = replica), in which foreign keys"
                            + " do not cascade; nothing was deleted. Set it to origin: see the URL's options, ALTER ROLE and ALTER DATABASE");
        }
    }

    private Table parent(ForeignKeyGraph graph) {
        CascadePlan plan = CascadePlanner.plan(graph, server, schema, cascade);
        if (plan.parents().isEmpty()) {
            throw CascadeException.refused("The erasure", plan.problems());
        }
        if (plan.parents().size() > 1) {
            throw new CascadeException("a key is that of a row of one table, and cascade_parent names several: "
                    + plan.parents().stream().map(Table::toString).collect(Collectors.joining(", "))
                    + "; nothing was deleted. Name one");
        }
        return plan.parents().get(0);
    }

    private Foresight foresight() {
        return foresight != null
                ? foresight
                : PreviewForesight.of(
                        new PreviewRun(
                                connection,
                                // Where it compares the schema with what it has read, it has to be able to read again.
                                server.product() == Product.POSTGRESQL ? catalog.behind() : catalog,
                                server,
                                schema,
                                cascade,
                                PreviewOptions.defaults()
                                        .withSampleKeys(0)
                                        .withTriggersTrusted(options.triggersTrusted()),
                                console,
                                schemas),
                        server,
                        options);
    }

    /** One person, and what is known of it. */
    private final class Person {

        private final String text;
        private final ParentKey of;
        private final ParentRow row;
        private final MigrationLock lock;
        private final DeleteAtOnce.Attempt tried;
        private final Tally tally;
        private final FinalDelete delete;
        /** Where anybody's DELETE succeeds, after one that has. */
        private @Nullable PlainSchema schema;

        Person(String text, ParentKey of, ParentRow row, MigrationLock lock, DeleteAtOnce.Attempt tried) {
            this.text = text;
            this.of = of;
            this.row = row;
            this.lock = lock;
            this.tried = tried;
            this.tally = new Tally(of, row.key());
            this.delete = new FinalDelete(connection, server, of, row.values(), options, tally);
        }

        EraseReceipt erase() {
            try {
                return options.preview() ? eraseAfterPreview() : eraseAtOnce();
            } catch (SwallowedDeleteException e) {
                throw stopped(String.valueOf(e.getMessage()), e);
            } catch (SQLException e) {
                throw stopped(explain(e), e);
            } catch (CascadeException | PreviewRefusedException e) {
                throw e;
            } catch (RuntimeException e) {
                throw stopped("a listener ended it: " + e, e);
            }
        }

        private EraseReceipt eraseAfterPreview() throws SQLException {
            Foresight foresight = foresight();
            Foresight.Outlook outlook = foresight.look(text);
            schema = foresight.plain();
            switch (outlook.verdict()) {
                case NO -> throw new EraseRefusedException(what(), outlook.reasons(), true);
                case NOT_SEEN -> throw new EraseRefusedException(what(), outlook.reasons(), false);
                case OPEN -> {
                    outlook.reasons().forEach(tally::left);
                    return delete.run();
                }
                case SUCCEEDS -> {
                    if (outlook.rows() >= options.drainAbove()) {
                        return drainAndDelete(new Forecast(outlook.rowsOf()));
                    }
                    return delete.run();
                }
            }
            throw new IllegalStateException(outlook.toString());
        }

        /** Only trying can tell whether one DELETE is short enough. */
        private EraseReceipt eraseAtOnce() throws SQLException {
            Optional<EraseReceipt> receipt = Optional.empty();
            if (tried.tooLong()) {
                tally.transaction(tried.took());
                tally.retry();
            } else {
                receipt = deleteWithin(options.stepGoal());
            }
            return receipt.isPresent() ? receipt.get() : drainAndDelete(Forecast.UNKNOWN);
        }

        /** Empty if it takes longer. */
        private Optional<EraseReceipt> deleteWithin(Duration timeout) throws SQLException {
            try {
                return Optional.of(delete.once(timeout));
            } catch (SQLException e) {
                if (!SqlStates.isGivenUp(e)) {
                    throw e;
                }
                tally.retry();
                return Optional.empty();
            }
        }

        private EraseReceipt drainAndDelete(Forecast forecast) throws SQLException {
            delete.ensureAllowed();
            ForeignKeyGraph graph = catalog.read();
            Table parent = graph.tableByOid(of.table().oid());
            EraseFacts facts = EraseFactsReader.read(connection, server, graph, DrainPlanner.tablesOf(graph, parent));
            DrainPlan plan = new DrainPlanner(graph, parent, server.product(), facts).plan(!options.preview());
            Steps steps = server.product() == Product.POSTGRESQL
                    ? new PostgresSteps(connection, of, row.values(), facts, options)
                    : new CockroachSteps(connection, server, of, row.values(), facts, options);
            Drain drain = new Drain(steps, lock, options, tally, row.key(), forecast);
            if (drain.run(plan, false)) {
                Optional<EraseReceipt> receipt = deleteWithin(options.stepTimeout());
                if (receipt.isPresent()) {
                    return receipt.get();
                }
                drain.run(plan, true);
            }
            return delete.run();
        }

        private String what() {
            return of.table() + " " + row.key();
        }

        private CascadeException stopped(String why, Exception cause) {
            if (tally.drained() == 0) {
                CascadeException refused = new EraseRefusedException(what(), List.of(why), true);
                refused.initCause(cause);
                return refused;
            }
            return new EraseIncompleteException(
                    what()
                            + " is still there, but %,d rows of it are gone: ".formatted(tally.drained()) + why
                            + ". Mend that, and run again: it goes on from there",
                    tally.soFar(),
                    cause);
        }
    }

    private static String explain(SQLException e) {
        String message = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
        if (SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION) || SqlStates.is(e, SqlStates.RESTRICT_VIOLATION)) {
            return "the DELETE is refused, " + message
                    + ". Delete or move the rows that refuse, or let that foreign key cascade";
        }
        return "the database answered " + message + " [" + e.getSQLState() + ']';
    }
}
