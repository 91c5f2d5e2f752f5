package dev.cascadecleanup.internal.guard;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.internal.run.NextVersion;
import dev.cascadecleanup.plan.ClosureAdvice;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.ForeignKeySelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to do about foreign keys that do not cascade, in lines that can be followed as they are printed. First the class, which does it
 * online; then SQL, each statement in a migration of its own. A Flyway migration is one transaction, and in one with the swap a VALIDATE
 * keeps both tables locked for as long as it reads (measured: 4.4 s for two million rows).
 */
final class Remedy {

    /** With more of them the class is the only sensible way. */
    private static final int MOST_BY_HAND = 3;

    private static final int MOST_KEPT = 10;
    private static final int MOST_LINES = 20;
    private static final int LAST_MAJOR_WITHOUT_NOT_VALID_ON_PARTITIONED = 17;
    private static final String NAME = "__CascadeForeignKeys";
    private static final String UNKNOWN_VERSION = "<next>";

    private final List<ForeignKey> foreignKeys;
    private final List<Conversion> conversions;
    private final Server server;
    private final @Nullable String version;

    private Remedy(List<Conversion> conversions, Server server, Optional<String> nextVersion) {
        this.conversions = conversions;
        this.foreignKeys = conversions.stream().map(Conversion::foreignKey).toList();
        this.server = server;
        this.version = nextVersion.orElse(null);
    }

    /** @param nextVersion the version that the service's next migration can have, if that is known */
    static List<String> of(
            List<Conversion> conversions, Server server, CascadeOptions options, Optional<String> nextVersion) {
        if (conversions.isEmpty()) {
            return List.of();
        }
        Remedy remedy = new Remedy(conversions, server, nextVersion);
        List<String> lines = new ArrayList<>(remedy.migration());
        lines.addAll(remedy.keep(options));
        if (conversions.size() <= MOST_BY_HAND) {
            lines.addAll(remedy.byHand());
        }
        return lines;
    }

    /** What to do about open links: a decision for each, by the class with the next free version. */
    static List<String> ofOpen(ClosureAdvice advice, Optional<String> nextVersion) {
        if (advice.lines().isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("To decide about what is open (plan gives the reasons): class V" + nextVersion.orElse(UNKNOWN_VERSION)
                + "__CascadeCleanup extends dev.cascadecleanup.CascadeMigration, with these placeholders:");
        advice.lines().stream().limit(MOST_LINES).forEach(line -> lines.add("  " + line));
        if (advice.lines().size() > MOST_LINES) {
            lines.add("  and " + (advice.lines().size() - MOST_LINES) + " more lines, which plan has");
        }
        return lines;
    }

    private List<String> migration() {
        String name = "V" + version(0) + NAME;
        return List.of(
                "To mend it, add this class, which converts online what is left (with the same methods, if your other one"
                        + " overrides any"
                        + (version == null ? "; <next> is your next free version" : "") + "):",
                "  src/main/java/db/migration/" + name + ".java:",
                "    package db.migration;",
                "    public class " + name + " extends dev.cascadecleanup.CascadeMigration {}");
    }

    private List<String> keep(CascadeOptions options) {
        if (conversions.size() > MOST_KEPT) {
            return List.of("To leave one as it is, name it in cascade_keep.");
        }
        return List.of("To leave it as it is: cascade_keep = "
                + String.join(
                        ", ",
                        Stream.concat(
                                        options.keep().stream().map(ForeignKeySelector::text),
                                        foreignKeys.stream().map(ForeignKey::qualifiedName))
                                .toList()));
    }

    private List<String> byHand() {
        List<String> statements = new ArrayList<>();
        for (Conversion conversion : conversions) {
            List<String> those = statements(conversion);
            if (those.isEmpty()) {
                return List.of();
            }
            statements.addAll(those);
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                server.product() == Product.POSTGRESQL
                        ? "Or by SQL, each in a migration of its own, because Flyway runs one in a single transaction, in which a VALIDATE would"
                                + " keep both tables locked while it reads:"
                        : "Or by SQL, each in a migration of its own, because CockroachDB does not do them in one transaction:");
        for (int i = 0; i < statements.size(); i++) {
            lines.add("  V" + version(i) + NAME + (i + 1) + ".sql: " + statements.get(i));
        }
        return lines;
    }

    private String version(int more) {
        return version == null ? UNKNOWN_VERSION + (more == 0 ? "" : "+" + more) : NextVersion.plus(version, more);
    }

    /** The contents of the migrations, in order; none where it cannot be done by hand without holding up everybody. */
    private List<String> statements(Conversion conversion) {
        ForeignKey fk = conversion.foreignKey();
        String add = ConstraintSql.add(fk.name(), conversion.target());
        if (server.product() == Product.COCKROACHDB) {
            // It cannot do both in one statement, and a drop before the add would leave a moment without any.
            String temporary = TemporaryNames.of(fk.table().name(), fk.name());
            return List.of(
                    alter(fk, ConstraintSql.add(temporary, conversion.target())),
                    alter(fk, ConstraintSql.drop(fk.name())),
                    alter(fk, ConstraintSql.rename(temporary, fk.name())));
        }
        if (fk.table().kind() == TableKind.PARTITIONED_TABLE
                && server.major() <= LAST_MAJOR_WITHOUT_NOT_VALID_ON_PARTITIONED) {
            return List.of();
        }
        // Whoever waits for a lock makes everybody behind it wait.
        String swap = "SET LOCAL lock_timeout = '1s'; " + alter(fk, ConstraintSql.drop(fk.name()), add + " NOT VALID");
        return conversion.target().validated()
                ? List.of(swap, alter(fk, ConstraintSql.validate(fk.name())))
                : List.of(swap);
    }

    private static String alter(ForeignKey fk, String... clauses) {
        return ConstraintSql.alter(fk.table().name(), clauses) + ";";
    }
}
