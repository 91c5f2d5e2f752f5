package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The proof. */
@Command(
        name = "prove",
        description =
                "In a transaction that is always rolled back: makes two throw-away users with rows in every table that"
                        + " a delete reaches, rows that hang on both and rows that hang on nobody, deletes one, and counts. Exit code 0 if"
                        + " nothing of it remains and nobody else loses anything, 1 if something does or the delete is refused, 3 if"
                        + " something could not be seen.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  prove --url jdbc:postgresql://db/app --user owner",
            "  prove --value orders.currency=EUR --skip audit_log"
        })
final class ProveCommand extends Verb {

    /** How to answer. */
    enum Format {
        TEXT,
        JSON
    }

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private ConversionOptions conversion;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "<format>",
            order = 29,
            defaultValue = "text",
            description = "text or json. Default: text")
    private Format format;

    @Option(
            names = "--value",
            paramLabel = "<column>=<text>",
            order = 30,
            description = "table.column=text to insert; for NULL and the like:" + " --expression")
    private Map<String, String> values = new LinkedHashMap<>();

    @Option(
            names = "--expression",
            paramLabel = "<column>=<sql>",
            order = 31,
            description = "table.column=SQL, such as gen_random_uuid().")
    private Map<String, String> expressions = new LinkedHashMap<>();

    @Option(
            names = "--skip",
            paramLabel = "<table>",
            order = 32,
            split = ",",
            description = "Tables to leave out, with what is reached" + " only through them.")
    private List<String> skipped = List.of();

    @Option(
            names = "--first-run",
            paramLabel = "<sql>",
            order = 33,
            description = "SQL to run first in the proof's transaction.")
    private @Nullable String firstRun;

    @Override
    String asTyped(String message) {
        return conversion.asTyped(message);
    }

    @Override
    public Integer call() {
        CascadeCleanup cleanup = new Database(command(), connection, conversion).open(Database.Access.READ_WRITE);
        ProofReport report = watched("making rows, deleting, counting", () -> cleanup.prove(hints()));
        print(format == Format.JSON ? report.toJson() : report.toString());
        return switch (report.verdict()) {
            case PASSED -> ExitCodes.OK;
            case INCOMPLETE -> ExitCodes.INCOMPLETE;
            case TAKES_OTHERS_ROWS, REFUSED, REMAINS -> ExitCodes.NO;
        };
    }

    private ProofHints hints() {
        ProofHints hints = ProofHints.none();
        for (Map.Entry<String, String> value : values.entrySet()) {
            hints = hints.value(value.getKey(), value.getValue());
        }
        for (Map.Entry<String, String> expression : expressions.entrySet()) {
            hints = hints.expression(expression.getKey(), expression.getValue());
        }
        for (String table : skipped) {
            hints = hints.skip(table);
        }
        return firstRun == null ? hints : hints.firstRun(firstRun);
    }

    @Override
    String afterInterruption(Exception e) {
        return "Nothing was changed: the server rolls the proof's transaction back.";
    }
}
