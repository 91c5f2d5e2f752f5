package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.IndexReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the deletes will need, ahead of the migration. */
@Command(
        name = "indexes",
        description = "Builds the indexes that the deletes will need, online, before flyway migrate; plan lists them."
                + " The migration makes them its own, and its undo drops them.",
        footerHeading = "%nExamples:%n",
        footer = {"  indexes --url jdbc:postgresql://db/app --user owner", "  indexes --scope closure --max-wait 1h"})
final class IndexesCommand extends Verb {

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private ConversionOptions conversion;

    @Override
    public Integer call() {
        CascadeCleanup cleanup = new Database(command(), connection, conversion).open(Database.Access.READ_WRITE);
        IndexReport report = cleanup.createIndexes();
        report.built().forEach(index -> print("built: " + index));
        report.remarks().forEach(remark -> print(styled("@|yellow remark:|@ ") + remark));
        print(
                report.built().isEmpty()
                        ? "every delete finds its rows by an index"
                        : report.built().size() + " indexes built");
        return ExitCodes.OK;
    }

    @Override
    int codeOfFailure() {
        return ExitCodes.NO;
    }

    @Override
    String afterInterruption(Exception e) {
        return e instanceof CascadeException ours
                ? ours.getMessage()
                : "What is built stays so. Run it again: it goes on from here.";
    }
}
