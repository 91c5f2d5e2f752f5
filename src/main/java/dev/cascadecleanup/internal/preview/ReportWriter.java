package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.NullDoubt;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Event;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Kind;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.preview.Copy;
import dev.cascadecleanup.preview.LinkPreview;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.preview.TablePreview;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the report of what was walked and judged: the numbers, and the verdict with its reasons. */
final class ReportWriter {

    private final Server server;
    private final Ground ground;
    private final ForeignKeyGraph graph;
    private final Model model;
    private final Rules rules;
    private final Walk walk;
    private final Assessment assessment;
    private final RowReader reader;
    private final Map<Family, String> hidden;
    private final Map<Long, TableSize> sizes;
    private final PreviewOptions options;
    private final double slowness;
    private final boolean complete;
    private final int delete;
    private final Findings findings;

    ReportWriter(
            Server server,
            Snapshot snapshot,
            Walk walk,
            Assessment assessment,
            PreviewOptions options,
            double slowness,
            boolean complete,
            int delete) {
        this.server = server;
        this.ground = snapshot.ground();
        this.graph = ground.graph();
        this.model = ground.model();
        this.hidden = ground.hidden();
        this.rules = snapshot.rules();
        this.walk = walk;
        this.assessment = assessment;
        this.reader = snapshot.reader();
        this.sizes = snapshot.sizes();
        this.options = options;
        this.slowness = slowness;
        this.complete = complete && !assessment.isCutShort();
        this.delete = delete;
        this.findings = assessment.of(delete);
    }

    PreviewReport write(List<PersonKey> people, List<Copy> copies, long start) throws SQLException {
        List<TablePreview> tables = new ArrayList<>();
        for (Map.Entry<Family, Tally> each : findings.tables().entrySet()) {
            if (!each.getValue().isEmpty()) {
                tables.add(table(each.getKey(), each.getValue()));
            }
        }
        List<LinkPreview> links = new ArrayList<>();
        for (Edge edge : model.edges()) {
            Tally tally = findings.of(edge);
            if (!tally.isEmpty()) {
                links.add(link(edge, tally));
            }
        }
        List<String> triggers = triggers();
        Set<String> notSeen = new LinkedHashSet<>(unseen());
        if (!options.triggersTrusted()) {
            triggers.stream()
                    .filter(trigger -> ground.accepted().stream().noneMatch(name -> trigger.startsWith(name + ": ")))
                    .forEach(trigger -> notSeen.add(trigger + ", whose code is not looked into"));
        }
        Set<String> refused = refused(links);
        Set<String> orders = orders(links);
        Set<String> takes = takes(links);
        Set<String> behind = leftBehind(links);
        if (ground.replica() && behind.isEmpty()) {
            // That nothing is left behind is then the accident of a person without rows.
            notSeen.add(
                    "what foreign keys would do: this session is one of replication (session_replication_role = replica), in which"
                            + " they do nothing. Set it to origin: see the URL's options, ALTER ROLE and ALTER DATABASE");
        }
        PreviewVerdict verdict = !refused.isEmpty() && findings.undecided().isEmpty()
                ? PreviewVerdict.REFUSED
                : !orders.isEmpty() || !refused.isEmpty()
                        ? PreviewVerdict.ORDER_DECIDES
                        : !notSeen.isEmpty() || !complete
                                ? PreviewVerdict.NOT_SEEN
                                : !behind.isEmpty()
                                        ? PreviewVerdict.LEAVES_ROWS_BEHIND
                                        : !takes.isEmpty() ? PreviewVerdict.TAKES_OTHERS_ROWS : PreviewVerdict.SUCCEEDS;
        List<String> reasons = new ArrayList<>(refused);
        reasons.addAll(orders);
        notSeen.forEach(each -> reasons.add("not seen: " + each));
        if (!complete) {
            reasons.add("not seen: counting stopped at the limit of " + options.limit() + " rows");
        }
        reasons.addAll(behind);
        reasons.addAll(takes);
        return new PreviewReport(
                server.toString(),
                ground.parent().name(),
                people.get(0).columns(),
                people.stream().map(PersonKey::toString).toList(),
                options.after(),
                verdict,
                reasons,
                tables.stream().mapToLong(TablePreview::deleted).sum(),
                tables.stream().mapToLong(TablePreview::detached).sum(),
                complete && hidden.keySet().stream().noneMatch(this::matters),
                tables,
                links,
                copies,
                List.copyOf(notSeen),
                triggers,
                Effort.of(model, walk, findings, delete, sizes, slowness),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private TablePreview table(Family family, Tally tally) throws SQLException {
        return new TablePreview(
                family.root().name(),
                way(family),
                tally.deleted,
                tally.detached,
                tally.refuses,
                tally.leftBehind,
                TableSize.bytes(family, tally.deleted, sizes),
                reader.keys(family, tally.rows()));
    }

    private LinkPreview link(Edge edge, Tally tally) throws SQLException {
        return new LinkPreview(
                edge.fk(),
                edge.definition(),
                tally.deleted,
                tally.detached,
                tally.refuses,
                tally.orderDecides,
                tally.leftBehind,
                tally.taken,
                tally.peopleUndecided > 0 || (assessment.owns(edge) && tally.takenUndecided > 0),
                reader.keys(edge.child(), tally.worst()));
    }

    private String way(Family family) {
        List<String> way = new ArrayList<>();
        Family at = family;
        while (true) {
            way.add(0, at.root().name().toString());
            if (rules.isSource(at)) {
                return String.join(" > ", way);
            }
            Edge entry = walk.entry(at);
            if (entry == null) {
                entry = model.of(at).stream()
                        .filter(each -> walk.touches(each, delete))
                        .min(Comparator.comparing(edge -> !edge.cascades()))
                        .orElseThrow();
            }
            at = entry.referenced();
        }
    }

    private Set<String> refused(List<LinkPreview> links) {
        Set<String> refused = new LinkedHashSet<>();
        for (LinkPreview link : links) {
            if (link.refuses() > 0) {
                refused.add("refused by " + link + rows(link.refuses()) + reason(link));
            }
        }
        obstacles(true).forEach(each -> refused.add("refused in " + each));
        return refused;
    }

    /**
     * What makes each update of a table fail, or each delete, whatever its rows: the server asks before it looks for them.
     *
     * @param certain those that do; else those that may, and that nobody has said they know
     */
    private List<String> obstacles(boolean certain) {
        List<String> obstacles = new ArrayList<>();
        for (ForeignKeyGraph.Interceptor each : graph.interceptors()) {
            Table table = graph.tables().get(each.tableOid());
            if (table == null || !meets(each, model.family(table))) {
                continue;
            }
            // A statement on the whole table leaves out partitions that cannot have what it looks for.
            boolean mayBePassedBy = isPartition(table) && walk.count(table.oid(), delete) == 0;
            boolean refuses = each.swallows() && !mayBePassedBy;
            boolean known = ground.accepted().contains(table + "." + Identifiers.display(each.name()));
            boolean asked = each.swallows() || (each.kind() != Kind.CODE && !known);
            if (certain ? refuses : asked && !refuses) {
                obstacles.add(table + ": " + each.description());
            }
        }
        return obstacles;
    }

    /** Whether a statement on the family, of the delete or of a foreign key, comes to it. */
    private boolean meets(ForeignKeyGraph.Interceptor obstacle, Family family) {
        boolean byForeignKey = model.of(family).stream()
                .filter(edge -> walk.touches(edge, delete) && obstacle.concerns(edge.fk()))
                .anyMatch(edge -> switch (obstacle.event()) {
                    case DELETE, CASCADE -> edge.cascades();
                    case UPDATE -> edge.sets() && obstacle.mayInterfere(edge.changed());
                    case CHECK -> edge.refuses();
                });
        return byForeignKey || (obstacle.event() == Event.DELETE && rules.isSource(family));
    }

    private boolean isPartition(Table table) {
        return table.oid() != model.family(table).oid();
    }

    /** Whether columns of its rows may be set, also of such that go later. */
    private boolean isWritten(Family family) {
        return model.of(family).stream().anyMatch(findings::isWritten);
    }

    private String reason(LinkPreview link) {
        return model.edges().stream()
                .filter(edge -> edge.fk().equals(link.foreignKey()))
                .map(findings::reason)
                .filter(reason -> !reason.isEmpty())
                .map(reason -> ": " + reason)
                .findFirst()
                .orElse("");
    }

    private Set<String> orders(List<LinkPreview> links) {
        Set<String> orders = new LinkedHashSet<>();
        links.stream()
                .filter(link -> link.orderDecides() > 0)
                .forEach(link -> orders.add(
                        "an order decides whether " + link + " refuses" + rows(link.orderDecides()) + reason(link)));
        findings.undecided().forEach(each -> orders.add("an order decides " + each));
        return orders;
    }

    private Set<String> takes(List<LinkPreview> links) {
        return links.stream()
                .filter(link -> link.taken() > 0 && link.takenCounts())
                .map(link -> "takes others' rows over " + link + rows(link.taken()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Set<String> leftBehind(List<LinkPreview> links) {
        return links.stream()
                .filter(link -> link.leftBehind() > 0)
                .map(link -> "leaves rows behind, which go on referencing what is gone: " + link
                        + (ground.replica()
                                ? " does nothing in a session of replication (session_replication_role = replica)"
                                : " is NOT ENFORCED or its trigger is switched off")
                        + rows(link.leftBehind()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String rows(long rows) {
        return rows == 1 ? " (1 row)" : " (" + rows + " rows)";
    }

    /** Whether something that goes is referenced from there. */
    private boolean matters(Family family) {
        return model.of(family).stream().anyMatch(edge -> walk.touches(edge, delete));
    }

    private List<String> unseen() {
        List<String> unseen = new ArrayList<>();
        hidden.forEach((family, reason) -> {
            if (matters(family)) {
                unseen.add("rows of " + family.root() + ": " + reason);
            }
        });
        for (Edge edge : model.edges()) {
            boolean touched = walk.touches(edge, delete);
            if (touched && edge.fk().temporal()) {
                unseen.add(edge.fk() + " is a PERIOD foreign key, whose rows are not compared");
            }
            if (touched && edge.fk().switchedOnPartitions()) {
                unseen.add(edge.fk() + " has triggers that are switched off on some partitions");
            }
            if (hidden.containsKey(edge.referenced()) && !rules.isHidden(edge.child()) && matters(edge.child())) {
                unseen.add("whether somebody loses rows of " + edge.child().root() + " over "
                        + edge.fk().qualifiedName() + ": " + hidden.get(edge.referenced()));
            }
        }
        for (Edge edge : model.edges()) {
            if (edge.sets() && findings.isWritten(edge)) {
                edge.changed().stream()
                        .flatMap(column -> edge.fk().nullRules().doubtful().getOrDefault(column, List.of()).stream())
                        // Which CHECK fails for a row is asked of the server.
                        .filter(NullDoubt::opaque)
                        .forEach(doubt -> unseen.add(edge.fk() + ": " + doubt + " may refuse"));
            }
        }
        int limit = graph.cockroach().settings().cascadesLimit();
        if (limit > 0 && mayNeedMoreCascadesThan(limit)) {
            unseen.add("whether the delete ends: it may take more than the " + limit
                    + " cascades that the session allows (foreign_key_cascades_limit)");
        }
        Stream.of(graph.notSeen(), graph.inOtherDatabases(), ground.inherited())
                .flatMap(List::stream)
                .filter(each -> each.referencedTableOid() == NotSeen.ANY_TABLE
                        || walk.count(each.referencedTableOid(), delete) > 0)
                .forEach(each -> unseen.add(each.toString()));
        obstacles(false).forEach(each -> unseen.add("whether the delete fails in " + each));
        unseen.addAll(findings.notSeen());
        return unseen;
    }

    /** CockroachDB: one for each foreign key of each table in which a cascade has changed rows, for each way that leads there. */
    private boolean mayNeedMoreCascadesThan(int limit) {
        Map<Family, Long> ways = new HashMap<>();
        model.edges().stream().map(Edge::referenced).filter(rules::isSource).forEach(family -> ways.put(family, 1L));
        long cascades = 0;
        for (int pass = 0; pass <= walk.passes(); pass++) {
            Map<Family, Long> next = new HashMap<>();
            for (Edge edge : model.edges()) {
                long here = ways.getOrDefault(edge.referenced(), 0L);
                if (here > 0 && (edge.cascades() || edge.sets()) && walk.touches(edge, delete)) {
                    cascades += here;
                    if (edge.cascades()) {
                        next.merge(edge.child(), here, Long::sum);
                    }
                }
            }
            if (cascades > limit) {
                return true;
            }
            ways.clear();
            ways.putAll(next);
        }
        return false;
    }

    /** Whether it fires when a foreign key of the family sets its columns, and its code is not known to leave that alone. */
    private boolean mayInterfereWithUpdate(AuditFacts.Interceptor interceptor, Family family) {
        return graph.interceptors().stream()
                .filter(each -> each.event() == Event.UPDATE
                        && each.tableOid() == interceptor.tableOid()
                        && each.name().equals(interceptor.name()))
                .anyMatch(each ->
                        model.of(family).stream().anyMatch(edge -> edge.sets() && each.mayInterfere(edge.changed())));
    }

    /** Those of tables in which rows go or are detached; those of a statement and rules also where a cascade finds nothing. */
    private List<String> triggers() {
        List<String> triggers = new ArrayList<>();
        for (AuditFacts.Interceptor interceptor : ground.interceptors()) {
            Table table = graph.tables().get(interceptor.tableOid());
            if (table == null) {
                continue;
            }
            Family family = model.family(table);
            Tally tally = findings.of(family);
            // What comes before the function's name, which may be anything.
            String kind = interceptor.description().split(", function ", 2)[0];
            boolean perRow = kind.contains("FOR EACH ROW");
            boolean onDelete = kind.contains("DELETE");
            boolean onUpdate = mayInterfereWithUpdate(interceptor, family);
            boolean rows = (onDelete && tally.deleted > 0) || (onUpdate && isWritten(family));
            boolean asked = model.of(family).stream()
                    .anyMatch(edge ->
                            walk.touches(edge, delete) && ((edge.cascades() && onDelete) || (edge.sets() && onUpdate)));
            if (rows || (asked && !perRow) || (rules.isSource(family) && onDelete)) {
                triggers.add(table + "." + Identifiers.display(interceptor.name()) + ": " + interceptor.description());
            }
        }
        return triggers;
    }
}
