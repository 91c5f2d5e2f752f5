package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.audit.UndeclaredReferences;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.proof.schema.SchemaReader;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import dev.cascadecleanup.preview.Copy;
import dev.cascadecleanup.preview.PeopleReport;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a {@link PreviewReport}: reads the catalog, then, in one snapshot that the server holds to reading, the rows. */
public final class PreviewRun {

    /** Over such a foreign key somebody has let rows of others go. */
    private static final Set<Decision> DECIDED = Set.of(Decision.CASCADE, Decision.KEEP, Decision.ACCEPT);

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
    /** Whether the schema is read here, and not given. */
    private final boolean reads;

    /**
     * @param connection a connection outside of a transaction; it is only read from
     * @param defaultSchema Flyway's default schema, or null
     * @param options what a migration would be asked for
     * @param preview how to look
     */
    public PreviewRun(
            Connection connection,
            Catalog catalog,
            Server server,
            String defaultSchema,
            CascadeOptions options,
            PreviewOptions preview,
            Console console) {
        this(
                connection,
                () -> Known.read(connection, server, catalog),
                server,
                defaultSchema,
                options,
                preview,
                console,
                null,
                true);
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
        this(connection, () -> known, server, defaultSchema, options, preview, console, null, false);
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
            boolean reads) {
        this.connection = connection;
        this.source = source;
        this.server = server;
        this.defaultSchema = defaultSchema;
        this.options = options;
        this.preview = preview;
        this.console = console;
        this.enough = enough;
        this.reads = reads;
    }

    /**
     * The same for somebody who wants the verdict, and of rows that nothing depends on only whether they are many: they are counted so far,
     * and neither forecast nor compared with copies of the key that no foreign key tells of.
     */
    public PreviewRun counting(Enough other) {
        return new PreviewRun(connection, source, server, defaultSchema, options, preview, console, other, reads);
    }

    /** Where the catalog comes from. */
    @FunctionalInterface
    private interface Source {
        Known get() throws SQLException;
    }

    /** The tables and foreign keys as they are in the schema that is asked about. */
    private record Subject(
            ForeignKeyGraph graph,
            CascadePlan plan,
            Table parent,
            Reach reach,
            Function<ForeignKey, ForeignKeyDefinition> definitions) {}

    /** All that is read and worked out once, whoever the people are; the rest is read in the same snapshot. */
    private record Ground(
            Subject subject,
            AuditFacts facts,
            Model model,
            List<Family> sources,
            List<Family> within,
            List<AuditFacts.Column> undeclared,
            Map<Family, String> hidden,
            Map<Long, TableShape> shapes,
            Map<Long, TableSize> sizes,
            RowReader reader,
            Rules rules,
            Owners owners,
            WriteFacts writes,
            boolean replica) {}

    /** Work on the ground. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Ground ground) throws SQLException;
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
        return onGround(ground -> {
            List<RowReader.Id> people = new ArrayList<>();
            List<PersonKey> who = people(keys, ground, people);
            return report(ground, people, who, start);
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
        return onGround(ground -> {
            People people = new People(ground.subject().parent().name(), preview.after());
            people.total(ground.reader().count(ground.subject().parent()));
            each(ground, sample, start, report -> {
                people.add(report);
                each.accept(report);
                if (people.isTimeToSay()) {
                    console.info("preview: " + people.looked() + " people looked at");
                }
            });
            return people.report(server.toString(), Duration.ofNanos(System.nanoTime() - start));
        });
    }

    private void each(Ground ground, int sample, long start, Consumer<PreviewReport> taker) throws SQLException {
        Crowd crowd = new Crowd(ground.sources(), ground.reader());
        ground.reader().sample(ground.subject().parent(), ground.sources(), sample, crowd::add);
        while (crowd.hasNext()) {
            List<RowReader.Id> some = crowd.next();
            Walked walked = walk(ground, some, some.size(), some.size() == 1 ? 0 : Crowd.MOST_ROWS);
            if (!walked.complete()) {
                crowd.again();
                continue;
            }
            for (int delete = 0; delete < some.size(); delete++) {
                taker.accept(write(ground, walked, delete, List.of(EACH), List.of(), 1, start));
            }
            crowd.took(walked.walk().rows());
        }
    }

    /** Once more where somebody has changed the schema between the look at it and the snapshot of the rows, or under the latter. */
    private <T> T onGround(Work<T> work) throws SQLException {
        for (int look = 1; look <= MOST_LOOKS; look++) {
            try {
                return onGroundOf(work);
            } catch (SchemaState.ChangedException e) {
                console.info("preview: the schema has been changed meanwhile, so it is read again");
            }
        }
        throw new PreviewRefusedException("not seen: the schema was changed each of the " + MOST_LOOKS
                + " times that it was looked at; try again when nobody changes it");
    }

    private <T> T onGroundOf(Work<T> work) throws SQLException {
        boolean compared = reads && server.product() == Product.POSTGRESQL;
        String state = compared ? SchemaState.read(connection, server.version()) : "";
        Known known = source.get();
        Subject subject = subject(known.graph());
        AuditFacts facts = known.facts();
        KeyFacts keyFacts = known.keyFacts();
        Model model = new Model(subject.graph(), subject.definitions(), keyFacts);
        List<Family> sources = model.sources(subject.parent());
        List<Family> within = model.within(sources);
        Set<Family> needed = new LinkedHashSet<>(within);
        within.forEach(family -> model.of(family).forEach(edge -> needed.add(edge.referenced())));
        List<AuditFacts.Column> undeclared =
                new UndeclaredReferences(subject.graph(), facts, subject.plan(), AuditOptions.defaults()).columns();
        Set<Family> read = new LinkedHashSet<>(needed);
        undeclared.forEach(column -> read.add(model.family(subject.graph().tableByOid(column.tableOid()))));
        Map<Family, String> hidden = hidden(read);
        return inSnapshot(() -> {
            if (compared && !state.equals(SchemaState.ofSnapshot(connection, server.version()))) {
                throw new SchemaState.ChangedException();
            }
            Map<Long, TableShape> shapes = known.shapes(
                    SchemaReader.of(connection, server),
                    needed.stream().map(Family::root).toList());
            for (Family family : needed) {
                if (TableShape.of(shapes, family.oid()).rowSecurity()) {
                    hidden.putIfAbsent(family, "row-level security applies to the role " + server.role());
                }
            }
            for (Family family : sources) {
                if (hidden.containsKey(family)) {
                    throw new PreviewRefusedException(family.root() + " cannot be read: " + hidden.get(family));
                }
            }
            Rules rules = new Rules(model, sources, shapes, hidden.keySet());
            T result = work.on(new Ground(
                    subject,
                    facts,
                    model,
                    sources,
                    within,
                    undeclared,
                    hidden,
                    shapes,
                    TableSize.read(connection, server.product()),
                    new RowReader(connection, server.product(), shapes),
                    rules,
                    owners(model, rules, subject),
                    known.writeFacts(),
                    keyFacts.replica()));
            if (compared
                    && SchemaState.isAnyRewritten(
                            connection,
                            read.stream()
                                    .flatMap(family -> family.heaps().keySet().stream())
                                    .toList())) {
                throw new SchemaState.ChangedException();
            }
            return result;
        });
    }

    private PreviewReport report(Ground ground, List<RowReader.Id> people, List<PersonKey> who, long start)
            throws SQLException {
        Walked walked = walk(ground, people, 1, preview.limit());
        if (enough != null) {
            return write(ground, walked, 0, who, List.of(), 1, start);
        }
        List<Copy> copies = copies(
                ground,
                people,
                new Copies(
                        connection, server.product(), ground.model(), ground.rules(), walked.walk(), ground.reader()));
        // For a light person the answer is worth less than the question.
        double slowness = walked.assessment().rows() < HEAVY ? 1 : Pace.slowness(connection, server.product());
        return write(ground, walked, 0, who, copies, slowness, start);
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
    private Walked walk(Ground ground, List<RowReader.Id> people, int deletes, long limit) throws SQLException {
        Progress progress = new Progress(console);
        Walk walk = new Walk(server.product(), ground.model(), ground.reader(), ground.rules(), progress, deletes);
        walk.start(people, ground.sources());
        boolean complete = walk.run(limit);
        Assessment assessment = new Assessment(
                server.product(),
                ground.model(),
                ground.rules(),
                ground.owners(),
                walk,
                ground.reader(),
                ground.shapes(),
                progress,
                preview.sampleKeys(),
                deletes == 1 ? limit : 0,
                enough);
        if (complete || deletes == 1) {
            for (Family family : ground.within()) {
                if (!ground.hidden().containsKey(family)) {
                    assessment.assess(family);
                }
            }
        }
        return new Walked(walk, assessment, complete);
    }

    private PreviewReport write(
            Ground ground,
            Walked walked,
            int delete,
            List<PersonKey> who,
            List<Copy> copies,
            double slowness,
            long start)
            throws SQLException {
        return new ReportWriter(
                        server,
                        ground.subject().parent(),
                        ground.subject().graph(),
                        ground.facts(),
                        ground.model(),
                        ground.rules(),
                        walked.walk(),
                        walked.assessment(),
                        ground.reader(),
                        ground.hidden(),
                        ground.sizes(),
                        preview,
                        CascadePlanner.inheritedRows(ground.subject().graph(), options),
                        ground.subject().plan().interceptors().stream()
                                .filter(Interceptor::accepted)
                                .map(Interceptor::qualifiedName)
                                .collect(Collectors.toSet()),
                        ground.writes(),
                        ground.replica(),
                        slowness,
                        walked.complete(),
                        delete)
                .write(who, copies, start);
    }

    private Subject subject(ForeignKeyGraph graph) {
        CascadeOptions asked = switch (preview.after()) {
            case TODAY -> options;
            // What only the closure converts is none of the direct scope's business.
            case DIRECT ->
                options.toBuilder()
                        .scope(CascadeOptions.Scope.DIRECT)
                        .closure("")
                        .build();
            case CLOSURE ->
                options.toBuilder().scope(CascadeOptions.Scope.CLOSURE).build();
        };
        CascadePlan plan = CascadePlanner.plan(graph, server, defaultSchema, asked);
        if (plan.parents().isEmpty()
                || (preview.after() != PreviewOptions.After.TODAY
                        && !plan.optionProblems().isEmpty())) {
            throw new PreviewRefusedException(
                    plan.optionProblems().stream().map(Problem::toString).collect(Collectors.joining(" ")));
        }
        if (plan.parents().size() > 1) {
            throw new PreviewRefusedException("a preview is about one parent, and these are "
                    + plan.parents().stream().map(Table::toString).collect(Collectors.joining(", "))
                    + "; name one of them in cascade_parent");
        }
        if (preview.after() == PreviewOptions.After.TODAY) {
            return new Subject(
                    graph,
                    plan,
                    plan.parents().get(0),
                    CascadePlanner.today(graph, server, defaultSchema, asked).get(0),
                    ForeignKey::definition);
        }
        Map<Long, ForeignKeyDefinition> converted = plan.conversions().stream()
                .collect(Collectors.toMap(conversion -> conversion.foreignKey().oid(), Conversion::target));
        return new Subject(
                graph,
                plan,
                plan.parents().get(0),
                plan.reach().get(0),
                fk -> converted.getOrDefault(fk.oid(), fk.definition()));
    }

    private List<PersonKey> people(List<String> keys, Ground ground, List<RowReader.Id> people) throws SQLException {
        TableShape parent =
                TableShape.of(ground.shapes(), ground.sources().get(0).oid());
        List<PersonKey> who = new ArrayList<>();
        for (String key : keys) {
            who.add(PersonKey.parse(key, parent));
        }
        for (PersonKey key : who) {
            key.check(connection, parent, server.product());
        }
        for (PersonKey key : who) {
            List<RowReader.Id> found = ground.reader()
                    .rowsOf(
                            ground.subject().parent(),
                            ground.sources(),
                            key.condition(parent, server.product()),
                            key.values());
            if (found.isEmpty()) {
                throw new PreviewRefusedException(
                        "no row of " + ground.subject().parent() + " has " + String.join(", ", key.columns()) + " = "
                                + String.join(", ", key.values()));
            }
            people.addAll(found);
        }
        return who;
    }

    private List<Copy> copies(Ground ground, List<RowReader.Id> people, Copies copies) throws SQLException {
        Family parent = ground.sources().get(0);
        List<String> key =
                TableShape.of(ground.shapes(), parent.oid()).identity().orElse(List.of());
        List<Copy> counted = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Family family : key.size() == 1 ? ground.sources() : List.<Family>of()) {
            List<RowReader.Id> ofFamily = people.stream()
                    .filter(person -> family.heaps().containsKey(person.heap()))
                    .toList();
            ground.reader().values(family, ofFamily, key).forEach(keys::addAll);
        }
        String type = ground.facts().columns().stream()
                .filter(column -> column.tableOid() == parent.oid() && key.contains(column.name()))
                .map(AuditFacts.Column::type)
                .findFirst()
                .orElse("");
        for (AuditFacts.Column column : ground.undeclared()) {
            Table table = ground.subject().graph().tableByOid(column.tableOid());
            counted.add(
                    keys.isEmpty()
                            ? new Copy(table.name(), column.name(), -1, "not counted: the key has several columns")
                            : copies.count(table, column, type, keys));
        }
        return counted;
    }

    private Owners owners(Model model, Rules rules, Subject subject) {
        Set<Long> guaranteed = subject.reach().tables().values().stream()
                .filter(ReachedTable::guaranteed)
                .map(table -> table.table().oid())
                .collect(Collectors.toSet());
        Set<Long> owning = subject.reach().links().stream()
                .filter(Link::owner)
                .map(link -> link.foreignKey().oid())
                .collect(Collectors.toSet());
        Set<Long> decided = subject.reach().links().stream()
                .filter(link -> DECIDED.contains(link.decision()))
                .map(link -> link.foreignKey().oid())
                .collect(Collectors.toSet());
        return new Owners(model, rules, subject.reach().tables().keySet(), guaranteed, owning, decided);
    }

    /** The families whose rows the role cannot read, each with the reason. */
    private Map<Family, String> hidden(Collection<Family> families) throws SQLException {
        Map<Family, String> hidden = new HashMap<>();
        Set<Long> readable = server.product() == Product.POSTGRESQL ? readable(families) : null;
        for (Family family : families) {
            boolean foreign = family.heaps().values().stream().anyMatch(heap -> heap.kind() == TableKind.FOREIGN_TABLE);
            if (!family.root().schemaUsable()) {
                hidden.put(family, "the role " + server.role() + " has no USAGE on its schema");
            } else if (readable == null ? !isReadable(family) : !readable.contains(family.oid())) {
                hidden.put(family, "the role " + server.role() + " has no SELECT on it");
            } else if (foreign) {
                hidden.put(family, "a partition of it is a foreign table");
            }
        }
        return hidden;
    }

    private Set<Long> readable(Collection<Family> families) throws SQLException {
        return new LinkedHashSet<>(Sql.query(
                connection,
                "SELECT o.oid::bigint FROM pg_catalog.unnest(?::pg_catalog.oid[]) AS o (oid)"
                        + " WHERE pg_catalog.has_table_privilege(o.oid, 'SELECT')",
                row -> row.getLong(1),
                families.stream().map(family -> String.valueOf(family.oid())).toList()));
    }

    /** CockroachDB: asking for one table's privileges takes longer than trying. */
    private boolean isReadable(Family family) throws SQLException {
        try {
            Sql.query(connection, "SELECT 1 FROM " + family.root().name().quoted() + " WHERE false", row -> 1);
            return true;
        } catch (SQLException e) {
            if ("42501".equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private <T> T inSnapshot(PostgresTransaction.Work<T> work) throws SQLException {
        return server.product() == Product.POSTGRESQL
                ? PostgresTransaction.snapshot(connection, work)
                : CockroachTransaction.snapshot(connection, preview.followerReads(), work::run);
    }
}
