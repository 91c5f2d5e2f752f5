package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.preview.Copy;
import dev.cascadecleanup.preview.PeopleReport;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.preview.PreviewVerdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a {@link PreviewReport}: reads the catalog, then, in one snapshot that the server holds to reading, the rows. */
public final class PreviewRun {

    /** So many rows make a delete long enough to look how fast the server is. */
    private static final long HEAVY = 2_000;

    /** So often the schema is read again before somebody is told that it does not stand still. */
    private static final int MOST_LOOKS = 3;

    /** Of many people none is named. */
    private static final PersonKey EACH = new PersonKey(List.of(), List.of());

    private final Connection connection;
    private final Source source;
    private final Server server;
    private final String defaultSchema;
    private final CascadeOptions options;
    private final PreviewOptions preview;
    private final Console console;
    private final @Nullable Enough enough;
    /** Of schemas that are read here; null where the schema is given, and nobody changes it. */
    private final @Nullable SchemaMemory memory;

    private @Nullable PlainSchema plain;

    /**
     * @param connection a connection outside of a transaction; it is only read from
     * @param defaultSchema Flyway's default schema, or null
     * @param options what a migration would be asked for
     * @param preview how to look
     * @param memory what earlier previews over the same data source have found
     */
    public PreviewRun(
            Connection connection,
            Catalog catalog,
            Server server,
            String defaultSchema,
            CascadeOptions options,
            PreviewOptions preview,
            Console console,
            SchemaMemory memory) {
        this(
                connection,
                () -> Known.read(connection, server, catalog),
                server,
                defaultSchema,
                options,
                preview,
                console,
                null,
                memory);
    }

    /** With a catalog that has been read already. */
    public PreviewRun(
            Connection connection,
            Known known,
            Server server,
            String defaultSchema,
            CascadeOptions options,
            PreviewOptions preview,
            Console console) {
        this(connection, () -> known, server, defaultSchema, options, preview, console, null, null);
    }

    private PreviewRun(
            Connection connection,
            Source source,
            Server server,
            String defaultSchema,
            CascadeOptions options,
            PreviewOptions preview,
            Console console,
            @Nullable Enough enough,
            @Nullable SchemaMemory memory) {
        this.connection = connection;
        this.source = source;
        this.server = server;
        this.defaultSchema = defaultSchema;
        this.options = options;
        this.preview = preview;
        this.console = console;
        this.enough = enough;
        this.memory = memory;
    }

    /**
     * The same for somebody who wants the verdict, and of rows that nothing depends on only whether they are many: they are counted so far,
     * and neither forecast nor compared with copies of the key that no foreign key tells of.
     */
    public PreviewRun counting(Enough other) {
        return new PreviewRun(connection, source, server, defaultSchema, options, preview, console, other, memory);
    }

    /** Where the catalog comes from. */
    @FunctionalInterface
    private interface Source {
        Known get() throws SQLException;
    }

    /** Work in a snapshot. */
    @FunctionalInterface
    private interface Work<T> {
        T in(Snapshot snapshot) throws SQLException;
    }

    /**
     * What one DELETE of these people would do.
     *
     * @throws PreviewRefusedException if there is nobody of that key, or the options do not fit the database
     */
    public PreviewReport run(List<String> keys) throws SQLException {
        long start = System.nanoTime();
        if (keys.isEmpty()) {
            throw new PreviewRefusedException("no key is given: whom to preview?");
        }
        return inSnapshot(snapshot -> {
            List<RowReader.Id> people = new ArrayList<>();
            List<PersonKey> who = people(keys, snapshot, people);
            return report(snapshot, people, who, start);
        });
    }

    /**
     * What the deletes of many people would do, each by itself. Many of them are looked at together, in as many queries as one of them.
     *
     * @param sample how many of them to look at, chosen at random; 0 for all
     */
    public PeopleReport runAll(int sample) throws SQLException {
        return runAll(sample, report -> {});
    }

    /** @param each takes the report of each, in the order in which they lie in the table; the person's key is not in it */
    public PeopleReport runAll(int sample, Consumer<PreviewReport> each) throws SQLException {
        long start = System.nanoTime();
        return inSnapshot(snapshot -> {
            People people = new People(snapshot.ground().parent().name(), preview.after());
            people.total(snapshot.reader().count(snapshot.ground().parent()));
            each(snapshot, sample, start, report -> {
                people.add(report);
                each.accept(report);
                if (people.isTimeToSay()) {
                    console.info("preview: " + people.looked() + " people looked at");
                }
            });
            return people.report(server.toString(), Duration.ofNanos(System.nanoTime() - start));
        });
    }

    private void each(Snapshot snapshot, int sample, long start, Consumer<PreviewReport> taker) throws SQLException {
        Crowd crowd = new Crowd(snapshot.ground().sources(), snapshot.reader());
        snapshot.reader().sample(snapshot.ground().parent(), snapshot.ground().sources(), sample, crowd::add);
        while (crowd.hasNext()) {
            List<RowReader.Id> some = crowd.next();
            Walked walked = walk(snapshot, some, some.size(), some.size() == 1 ? 0 : Crowd.MOST_ROWS);
            if (!walked.complete()) {
                crowd.again();
                continue;
            }
            for (int delete = 0; delete < some.size(); delete++) {
                taker.accept(write(snapshot, walked, delete, List.of(EACH), List.of(), 1, start));
            }
            crowd.took(walked.walk().rows());
        }
    }

    /** Once more where somebody has changed the schema between the look at it and the snapshot of the rows, or under the latter. */
    private <T> T inSnapshot(Work<T> work) throws SQLException {
        if (server.product() != Product.POSTGRESQL) {
            GroundReader.Rest rest = reader().of(source.get());
            return CockroachTransaction.snapshot(
                    connection, preview.followerReads(), () -> work.in(snapshot(rest.read())));
        }
        if (memory == null) {
            Ground ground = ground();
            return PostgresTransaction.snapshotUnderOwnPath(connection, first -> {
                first.run();
                return work.in(snapshot(ground));
            });
        }
        for (int look = 1; look <= MOST_LOOKS; look++) {
            try {
                return inSnapshot(memory, work);
            } catch (SchemaState.ChangedException e) {
                console.info("preview: the schema has been changed meanwhile, so it is read again");
            }
        }
        throw new PreviewRefusedException("not seen: the schema was changed each of the " + MOST_LOOKS
                + " times that it was looked at; try again when nobody changes it");
    }

    private <T> T inSnapshot(SchemaMemory memory, Work<T> work) throws SQLException {
        SchemaMemory.Question question = new SchemaMemory.Question(server, defaultSchema, options, preview.after());
        SchemaState state;
        if (memory.isEmpty()) {
            state = PostgresTransaction.readAtOnce(connection, flight -> SchemaState.read(flight, server.version()));
        } else {
            Remembered<T> remembered = PostgresTransaction.snapshotUnderOwnPath(connection, first -> {
                SchemaState now = read(first);
                Optional<SchemaMemory.Kept> kept = memory.recall(question, now);
                return new Remembered<>(now, kept.isEmpty() ? null : inState(now, kept.get(), work));
            });
            if (remembered.result() != null) {
                return remembered.result();
            }
            state = remembered.state();
        }
        Ground ground = ground();
        SchemaMemory.Kept kept = new SchemaMemory.Kept(state.catalog(), ground, ways(ground));
        return PostgresTransaction.snapshotUnderOwnPath(connection, first -> {
            if (!state.equals(read(first))) {
                throw new SchemaState.ChangedException();
            }
            memory.keep(question, state, kept);
            return inState(state, kept, work);
        });
    }

    /** In a snapshot in which the schema is what it was. */
    private <T> T inState(SchemaState state, SchemaMemory.Kept kept, Work<T> work) throws SQLException {
        T result = unlessRewritten(kept.ground(), work);
        if (enough != null && kept.ways().isPresent()) {
            Flight flight = new Flight(connection);
            Supplier<SchemaState.Mark> mark = SchemaState.Mark.set(flight, server.version());
            flight.run();
            plain = new PlainSchema(kept.ways().get(), mark.get(), state.session(), server);
        }
        return result;
    }

    /** The schema, if anybody's DELETE succeeds in it, after a run that has counted rows only so far. */
    public @Nullable PlainSchema plain() {
        return plain;
    }

    /**
     * Where anybody's DELETE succeeds: a row for each that goes with a person, the person's own row aside, as SQL.
     *
     * @param column the primary key of the people's table
     * @param value a value of it, as SQL
     */
    public Optional<String> plainRows(String column, String value) throws SQLException {
        return ways(ground()).map(ways -> ways.rows(column, value).orElse("SELECT WHERE false"));
    }

    /** Where even the DELETE of somebody with rows in each table succeeds. */
    private Optional<PlainWays> ways(Ground ground) throws SQLException {
        Family people = ground.sources().get(0);
        if (preview.after() != PreviewOptions.After.TODAY
                || ground.replica()
                || ground.sources().size() > 1
                || people.heaps().size() > 1) {
            return Optional.empty();
        }
        OneOfEach rows = new OneOfEach(ground);
        Snapshot snapshot = Snapshot.of(ground, rows, Map.of());
        PreviewRun run = new PreviewRun(
                connection,
                source,
                server,
                defaultSchema,
                options,
                PreviewOptions.defaults().withSampleKeys(0),
                console,
                null,
                memory);
        try {
            RowReader.Id person =
                    new RowReader.Id(people.heaps().keySet().iterator().next(), OneOfEach.ROW);
            PreviewReport report =
                    run.write(snapshot, run.walk(snapshot, List.of(person), 1, 0), 0, List.of(EACH), List.of(), 1, 0);
            return report.verdict() == PreviewVerdict.SUCCEEDS && report.complete()
                    ? PlainWays.of(ground, rows)
                    : Optional.empty();
        } catch (OneOfEach.NobodyException e) {
            return Optional.empty();
        }
    }

    private SchemaState read(Flight first) throws SQLException {
        Supplier<SchemaState> state = SchemaState.read(first, server.version());
        first.run();
        return state.get();
    }

    /** What came of the attempt to do without a look at the catalog: the result, or null where it has to be looked at. */
    private record Remembered<T>(
            SchemaState state, @Nullable T result) {}

    private <T> T unlessRewritten(Ground ground, Work<T> work) throws SQLException {
        T result = work.in(snapshot(ground));
        if (SchemaState.isAnyRewritten(connection, ground.heaps())) {
            throw new SchemaState.ChangedException();
        }
        return result;
    }

    private GroundReader reader() {
        return new GroundReader(connection, server, defaultSchema, options, preview.after());
    }

    /** Over a connection outside a transaction. */
    private Ground ground() throws SQLException {
        GroundReader.Rest rest = reader().of(source.get());
        return PostgresTransaction.look(connection, rest::read);
    }

    /** In a transaction in one snapshot. */
    private Snapshot snapshot(Ground ground) throws SQLException {
        Set<Long> sized = enough == null ? ground.heaps() : Set.of();
        return Snapshot.of(ground, connection, server.product(), TableSize.read(connection, server.product(), sized));
    }

    private PreviewReport report(Snapshot snapshot, List<RowReader.Id> people, List<PersonKey> who, long start)
            throws SQLException {
        Walked walked = walk(snapshot, people, 1, preview.limit());
        if (enough != null) {
            return write(snapshot, walked, 0, who, List.of(), 1, start);
        }
        List<Copy> copies = copies(
                snapshot,
                people,
                new Copies(
                        connection,
                        server.product(),
                        snapshot.ground().model(),
                        snapshot.rules(),
                        walked.walk(),
                        snapshot.reader()));
        // For a light person the answer is worth less than the question.
        double slowness = walked.assessment().rows() < HEAVY ? 1 : Pace.slowness(connection, server.product());
        return write(snapshot, walked, 0, who, copies, slowness, start);
    }

    /**
     * Which rows go, and what foreign keys say to that.
     *
     * @param complete whether all rows were followed
     */
    private record Walked(Walk walk, Assessment assessment, boolean complete) {}

    /**
     * @param deletes 1 for all in one DELETE, else as many as there are people
     * @param limit stop following at about so many rows; 0 for no limit
     */
    private Walked walk(Snapshot snapshot, List<RowReader.Id> people, int deletes, long limit) throws SQLException {
        Progress progress = new Progress(console);
        Walk walk = new Walk(
                server.product(), snapshot.ground().model(), snapshot.reader(), snapshot.rules(), progress, deletes);
        walk.start(people, snapshot.ground().sources());
        boolean complete = walk.run(limit);
        Assessment assessment = new Assessment(
                server.product(),
                snapshot.ground().model(),
                snapshot.rules(),
                snapshot.owners(),
                walk,
                snapshot.reader(),
                snapshot.ground().shapes(),
                progress,
                preview.sampleKeys(),
                deletes == 1 ? limit : 0,
                enough);
        if (complete || deletes == 1) {
            for (Family family : snapshot.ground().within()) {
                if (!snapshot.ground().hidden().containsKey(family)) {
                    assessment.assess(family);
                }
            }
        }
        return new Walked(walk, assessment, complete);
    }

    private PreviewReport write(
            Snapshot snapshot,
            Walked walked,
            int delete,
            List<PersonKey> who,
            List<Copy> copies,
            double slowness,
            long start)
            throws SQLException {
        return new ReportWriter(
                        server,
                        snapshot,
                        walked.walk(),
                        walked.assessment(),
                        preview,
                        slowness,
                        walked.complete(),
                        delete)
                .write(who, copies, start);
    }

    private List<PersonKey> people(List<String> keys, Snapshot snapshot, List<RowReader.Id> people)
            throws SQLException {
        TableShape parent = TableShape.of(
                snapshot.ground().shapes(), snapshot.ground().sources().get(0).oid());
        List<PersonKey> who = new ArrayList<>();
        for (String key : keys) {
            who.add(PersonKey.parse(key, parent));
        }
        for (PersonKey key : who) {
            key.check(connection, parent, server.product());
        }
        for (PersonKey key : who) {
            List<RowReader.Id> found = snapshot.reader()
                    .rowsOf(
                            snapshot.ground().parent(),
                            snapshot.ground().sources(),
                            key.condition(parent, server.product()),
                            key.values());
            if (found.isEmpty()) {
                throw new PreviewRefusedException(
                        "no row of " + snapshot.ground().parent() + " has " + String.join(", ", key.columns()) + " = "
                                + String.join(", ", key.values()));
            }
            people.addAll(found);
        }
        return who;
    }

    private List<Copy> copies(Snapshot snapshot, List<RowReader.Id> people, Copies copies) throws SQLException {
        Family parent = snapshot.ground().sources().get(0);
        List<String> key = TableShape.of(snapshot.ground().shapes(), parent.oid())
                .identity()
                .orElse(List.of());
        List<Copy> counted = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Family family : key.size() == 1 ? snapshot.ground().sources() : List.<Family>of()) {
            List<RowReader.Id> ofFamily = people.stream()
                    .filter(person -> family.heaps().containsKey(person.heap()))
                    .toList();
            snapshot.reader().values(family, ofFamily, key).forEach(keys::addAll);
        }
        String type = snapshot.ground().keyType();
        for (AuditFacts.Column column : snapshot.ground().undeclared()) {
            Table table = snapshot.ground().graph().tableByOid(column.tableOid());
            counted.add(
                    keys.isEmpty()
                            ? new Copy(table.name(), column.name(), -1, "not counted: the key has several columns")
                            : copies.count(table, column, type, keys));
        }
        return counted;
    }
}
