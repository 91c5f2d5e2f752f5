package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoPlan;
import dev.cascadecleanup.UndoReport;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The migration taken back. */
@Command(
        name = "undo",
        description =
                "Shows what would be restored, asks, and restores every foreign key that the migration converted to"
                        + " exactly what it was. Rows that cascades have deleted do not come back.",
        footerHeading = "%nExamples:%n",
        footer = {"  undo --url jdbc:postgresql://db/app --user owner", "  undo --yes --migration 67"})
final class UndoCommand extends Verb {

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private WaitingOptions waiting;

    @Option(
            names = {"-y", "--yes"},
            order = 30,
            description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--migration",
            paramLabel = "<version>",
            order = 31,
            description = "The cascade migration to undo. Default: the only one in the journal")
    private @Nullable String migration;

    @Option(
            names = "--skip-changed",
            order = 32,
            description =
                    "Leave foreign keys alone that someone changed or dropped since. Without this, one such refuses the whole undo.")
    private boolean skipChanged;

    @Option(
            names = "--remove-from-history",
            order = 33,
            description = "Also take the migration out of Flyway's history, if it is the"
                    + " newest. The next migrate would apply it again: take the jar out first.")
    private boolean removeFromHistory;

    @Option(
            names = "--keep-indexes",
            order = 34,
            description = "Keep the indexes that the migration has built. No later undo drops them.")
    private boolean keepIndexes;

    @Override
    String asTyped(String message) {
        return waiting.asTyped(message);
    }

    @Override
    public Integer call() {
        CascadeCleanup cleanup = new Database(command(), connection, waiting).open(Database.Access.READ_WRITE);
        UndoOptions options = UndoOptions.defaults()
                .withVersion(migration)
                .withSkipChanged(skipChanged)
                .withRemoveFromHistory(removeFromHistory)
                .withKeepIndexes(keepIndexes);
        UndoPlan plan = watched("reading the catalog", () -> cleanup.planUndo(options));
        if (plan.version() == null && !plan.otherVersions().isEmpty()) {
            command()
                    .terminal()
                    .err()
                    .println("The journal has no conversion of version " + migration + ", only of "
                            + String.join(", ", plan.otherVersions()) + ". Nothing was changed.");
            return ExitCodes.NO;
        }
        if (plan.version() == null) {
            print("nothing to undo: the journal has no conversion"
                    + (migration == null ? "" : " of version " + migration));
            return ExitCodes.OK;
        }
        show(plan);
        if (!plan.isExact() && !skipChanged) {
            command()
                    .terminal()
                    .err()
                    .println("The undo would not be exact and is refused. To leave those alone: --skip-changed.");
            return ExitCodes.NO;
        }
        if (!yes && !confirmed()) {
            print("Nothing was changed.");
            return ExitCodes.NO;
        }
        UndoReport report = cleanup.undo(options);
        print("undone: " + report.restored().size() + " foreign keys of version " + report.version()
                + " are what they were, " + report.skipped().size() + " left alone"
                + (report.indexesDropped() == 0 ? "" : ", " + report.indexesDropped() + " indexes dropped"));
        return ExitCodes.OK;
    }

    private void show(UndoPlan plan) {
        print("Undo of version " + plan.version() + ": " + plan.restorations().size()
                + " foreign keys go back to what they were");
        plan.interrupted().forEach(fk -> print("  first, what an interrupted run began: " + fk));
        plan.restorations().forEach(restoration -> print("  " + restoration));
        plan.indexes().forEach(index -> print("  dropped, as the migration has built it: index " + index));
        plan.renamed().forEach(renamed -> print("  " + renamed));
        plan.skipped().forEach(skipped -> print(styled("  @|yellow left alone:|@ ") + skipped));
        print("");
        print("Deletes on the parent are refused again from then on.");
        print("Rows that cascades have deleted since the migration do not come back; only a backup has them.");
        print(
                removeFromHistory
                        ? "The version is taken out of Flyway's history: the next flyway migrate, and the next start of the application, would apply"
                                + " it again. Take the jar, or the class, out first."
                        : "Flyway's history keeps the version as applied, so that the next flyway migrate does not convert again.");
    }

    private boolean confirmed() {
        String answer = command()
                .terminal()
                .person()
                .orElseThrow(() -> new CliException("nobody can be asked here; say --yes"))
                .answer("Undo? [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    @Override
    int codeOfFailure() {
        return ExitCodes.NO;
    }

    @Override
    String afterInterruption(Exception e) {
        return e instanceof CascadeException ours ? ours.getMessage() : "Nothing was changed.";
    }
}
