package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.audit.AuditReport;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole graph. */
@Command(
        name = "audit",
        description = "Every table that a delete reaches, what refuses it, and what is left behind: today and after the"
                + " migration.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  audit --url jdbc:postgresql://db/app --user app",
            "  audit --format html > audit.html",
            "  audit --format dot | dot -Tsvg > graph.svg"
        })
final class AuditCommand extends Verb {

    /** How to answer. */
    enum Format {
        TEXT,
        JSON,
        MERMAID,
        DOT,
        HTML
    }

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private ConversionOptions conversion;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "<format>",
            order = 30,
            defaultValue = "text",
            description = "text, json, mermaid, dot or html. Default: text")
    private Format format;

    @Option(
            names = "--row-counts",
            paramLabel = "<n>",
            order = 31,
            description =
                    "For how many foreign keys at most to count the rows that refuse today; 0 reads the catalog only. Default: 200")
    private @Nullable Integer rowCounts;

    @Option(
            names = "--owner-columns",
            paramLabel = "<names>",
            order = 32,
            split = ",",
            description =
                    "Columns that mean the owner of a row whatever the parent is called. Default: owner_id,created_by,...")
    private @Nullable Set<String> ownerColumns;

    @Option(
            names = "--ignore-columns",
            paramLabel = "<names>",
            order = 33,
            split = ",",
            description = "table.column,... that look like a reference and are none.")
    private @Nullable Set<String> ignoredColumns;

    @Override
    String asTyped(String message) {
        return conversion.asTyped(message);
    }

    @Override
    public Integer call() {
        CascadeCleanup cleanup = new Database(command(), connection, conversion).open(Database.Access.READ_ONLY);
        AuditReport report = watched("reading the catalog and counting rows", () -> cleanup.audit(options()));
        if (report.plan().parents().isEmpty()) {
            throw new CliException(String.join(
                    " ", report.plan().problems().stream().map(Object::toString).toList()));
        }
        print(
                switch (format) {
                    case TEXT -> output().verbose() ? report.toTextWithQueries() : report.toText();
                    case JSON -> report.toJson();
                    case MERMAID -> report.toMermaid();
                    case DOT -> report.toGraphviz();
                    case HTML -> report.toHtml();
                });
        return ExitCodes.OK;
    }

    private AuditOptions options() {
        AuditOptions options = AuditOptions.defaults();
        if (rowCounts != null) {
            if (rowCounts < 0) {
                throw new CliException("--row-counts cannot be negative; 0 counts nothing");
            }
            options = options.withRowCounts(rowCounts);
        }
        if (ownerColumns != null) {
            options = options.withOwnerColumns(ownerColumns);
        }
        return ignoredColumns == null ? options : options.withIgnoredColumns(ignoredColumns);
    }
}
