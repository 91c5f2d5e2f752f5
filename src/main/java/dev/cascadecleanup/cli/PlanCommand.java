package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.plan.CascadePlan;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A look before. */
@Command(
        name = "plan",
        description = "What the migration would do to this database. Exit code 1 if it would be refused.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  plan --url jdbc:postgresql://db/app --user app",
            "  plan --format json | jq '.conversions | length'",
            "  plan --format sql > V060__CascadeCleanup.sql",
            "  plan --format sql --undo > U060__CascadeCleanup.sql"
        })
final class PlanCommand extends Verb {

    /** How to answer. */
    enum Format {
        TEXT,
        JSON,
        SQL
    }

    /** That of the ready-made migration. */
    private static final String VERSION = "60";

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private ConversionOptions conversion;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "<format>",
            order = 30,
            defaultValue = "text",
            description = "text, json or sql: a script to review and run instead of the Java migration. Default: text")
    private Format format;

    @Option(
            names = "--undo",
            order = 31,
            description = "With --format sql: the script that takes the migration back, also U060__*.sql for"
                    + " Flyway's paid edition.")
    private boolean undo;

    @Option(
            names = "--migration",
            paramLabel = "<version>",
            order = 32,
            description =
                    "With --format sql: the version under which the journal keeps it. Default: the next free one after"
                            + " the newest in Flyway's history if that is 60 or later, else 60; with --undo the only"
                            + " one in the journal, if there is one")
    private @Nullable String migration;

    @Override
    String asTyped(String message) {
        return conversion.asTyped(message);
    }

    @Override
    public Integer call() {
        if (undo && format != Format.SQL) {
            throw new CliException("--undo is about --format sql; to undo now: " + CascadeCommand.NAME + " undo");
        }
        CascadeCleanup cleanup = new Database(command(), connection, conversion).open(Database.Access.READ_ONLY);
        CascadePlan plan = watched("reading the catalog", cleanup::plan);
        if (plan.parents().isEmpty()) {
            throw new CliException(String.join(
                    " ", plan.problems().stream().map(Object::toString).toList()));
        }
        print(
                switch (format) {
                    case TEXT -> new PlanText(plan, cleanup.options(), this::asTyped).write();
                    case JSON -> PlanJson.write(plan);
                    case SQL ->
                        undo
                                ? cleanup.undoScript(migration == null ? undoable(cleanup) : migration)
                                : cleanup.migrationScript(migration == null ? nextFree(cleanup) : migration);
                });
        return plan.problems().isEmpty() ? ExitCodes.OK : ExitCodes.NO;
    }

    /** The only one that the journal has, or else the one that the script of the migration would be. */
    private static String undoable(CascadeCleanup cleanup) {
        String applied = cleanup.planUndo(UndoOptions.defaults()).version();
        return applied == null ? nextFree(cleanup) : applied;
    }

    /** A version that is applied already is not applied again. */
    private static String nextFree(CascadeCleanup cleanup) {
        return cleanup.nextVersion()
                .filter(next -> MigrationVersion.fromVersion(next).compareTo(MigrationVersion.fromVersion(VERSION)) > 0)
                .orElse(VERSION);
    }
}
