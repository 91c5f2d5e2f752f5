package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.audit.UndeclaredReferences;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.proof.schema.SchemaReader;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.preview.PreviewOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the {@link Ground} of previews, of what the catalog says and of what the options ask. */
final class GroundReader {

    private final Connection connection;
    private final Server server;
    private final String defaultSchema;
    private final CascadeOptions options;
    private final PreviewOptions.After after;

    GroundReader(
            Connection connection,
            Server server,
            String defaultSchema,
            CascadeOptions options,
            PreviewOptions.After after) {
        this.connection = connection;
        this.server = server;
        this.defaultSchema = defaultSchema;
        this.options = options;
        this.after = after;
    }

    /** The tables and foreign keys as they are in the schema that is asked about. */
    private record Subject(
            CascadePlan plan, Table parent, Reach reach, Function<ForeignKey, ForeignKeyDefinition> definitions) {}

    /** What is left to read in a transaction. */
    @FunctionalInterface
    interface Rest {
        /** Needs a transaction that is open, which on PostgreSQL has the system's search path. */
        Ground read() throws SQLException;
    }

    /**
     * Over a connection outside a transaction.
     *
     * @throws PreviewRefusedException if the options do not fit the database
     */
    Rest of(Known known) throws SQLException {
        Subject subject = subject(known.graph());
        Model model = new Model(known.graph(), subject.definitions(), known.keyFacts());
        List<Family> sources = model.sources(subject.parent());
        List<Family> within = model.within(sources);
        Set<Family> needed = new LinkedHashSet<>(within);
        within.forEach(family -> model.of(family).forEach(edge -> needed.add(edge.referenced())));
        List<AuditFacts.Column> undeclared = new UndeclaredReferences(
                        known.graph(), known.facts(), subject.plan(), AuditOptions.defaults())
                .columns().stream()
                        .sorted(Comparator.comparing((AuditFacts.Column column) -> known.graph()
                                        .tableByOid(column.tableOid())
                                        .toString())
                                .thenComparing(AuditFacts.Column::name))
                        .toList();
        Set<Family> read = new LinkedHashSet<>(needed);
        undeclared.forEach(column -> read.add(model.family(known.graph().tableByOid(column.tableOid()))));
        Map<Family, String> hidden = hidden(model, read);
        return () -> {
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
            return new Ground(
                    known.graph(),
                    subject.parent(),
                    subject.reach(),
                    known.facts().interceptors(),
                    subject.plan().interceptors().stream()
                            .filter(Interceptor::accepted)
                            .map(Interceptor::qualifiedName)
                            .collect(Collectors.toSet()),
                    CascadePlanner.inheritedRows(known.graph(), options),
                    model,
                    sources,
                    within,
                    undeclared,
                    keyType(known.facts(), sources.get(0), shapes),
                    hidden,
                    read.stream()
                            .flatMap(family -> family.heaps().keySet().stream())
                            .collect(Collectors.toSet()),
                    shapes,
                    known.keyFacts().replica());
        };
    }

    private static String keyType(AuditFacts facts, Family parent, Map<Long, TableShape> shapes) {
        List<String> key = TableShape.of(shapes, parent.oid()).identity().orElse(List.of());
        return facts.columns().stream()
                .filter(column -> column.tableOid() == parent.oid() && key.contains(column.name()))
                .map(AuditFacts.Column::type)
                .findFirst()
                .orElse("");
    }

    private Subject subject(ForeignKeyGraph graph) {
        CascadeOptions asked = switch (after) {
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
                || (after != PreviewOptions.After.TODAY
                        && !plan.optionProblems().isEmpty())) {
            throw new PreviewRefusedException(
                    plan.optionProblems().stream().map(Problem::toString).collect(Collectors.joining(" ")));
        }
        if (plan.parents().size() > 1) {
            throw new PreviewRefusedException("a preview is about one parent, and these are "
                    + plan.parents().stream().map(Table::toString).collect(Collectors.joining(", "))
                    + "; name one of them in cascade_parent");
        }
        if (after == PreviewOptions.After.TODAY) {
            return new Subject(
                    plan,
                    plan.parents().get(0),
                    CascadePlanner.today(graph, server, defaultSchema, asked).get(0),
                    ForeignKey::definition);
        }
        Map<Long, ForeignKeyDefinition> converted = plan.conversions().stream()
                .collect(Collectors.toMap(conversion -> conversion.foreignKey().oid(), Conversion::target));
        return new Subject(
                plan,
                plan.parents().get(0),
                plan.reach().get(0),
                fk -> converted.getOrDefault(fk.oid(), fk.definition()));
    }

    /** The families whose rows the role cannot read, each with the reason. */
    private Map<Family, String> hidden(Model model, Collection<Family> families) throws SQLException {
        Map<Family, String> hidden = new LinkedHashMap<>();
        Set<Long> readable = server.product() == Product.POSTGRESQL ? readable(model, families) : null;
        for (Family family : families) {
            boolean foreign = family.heaps().values().stream().anyMatch(heap -> heap.kind() == TableKind.FOREIGN_TABLE);
            if (!family.root().schemaUsable()) {
                hidden.put(family, "the role " + server.role() + " has no USAGE on its schema");
            } else if (readable == null ? !isReadable(family) : !readable.contains(family.oid())) {
                hidden.put(family, "the role " + server.role() + " has no SELECT on it");
            } else if (foreign) {
                hidden.put(family, "a partition of it is a foreign table");
            } else if (readable != null && !readable.containsAll(model.readAlone(family))) {
                hidden.put(
                        family,
                        "the role " + server.role()
                                + " has no SELECT on a partition of it, or row-level security of the partition applies to it");
            }
        }
        return hidden;
    }

    /** Those that it may read, and partitions only if it sees all of their rows. */
    private Set<Long> readable(Model model, Collection<Family> families) throws SQLException {
        return new LinkedHashSet<>(Sql.query(
                connection,
                "SELECT o.oid::bigint FROM pg_catalog.unnest(?::pg_catalog.oid[]) AS o (oid)"
                        + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) o.oid"
                        + " WHERE pg_catalog.has_table_privilege(o.oid, 'SELECT')"
                        + " AND NOT (c.relispartition AND c.relrowsecurity AND pg_catalog.row_security_active(o.oid))",
                row -> row.getLong(1),
                families.stream()
                        .flatMap(family -> Stream.concat(Stream.of(family.oid()), model.readAlone(family).stream()))
                        .map(String::valueOf)
                        .toList()));
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
}
