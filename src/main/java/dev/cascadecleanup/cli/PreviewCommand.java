package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.preview.PeopleReport;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.preview.PreviewVerdict;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What one DELETE would do. */
@Command(
        name = "preview",
        description =
                "Exactly what one DELETE of these people would do, without doing it: read in one snapshot, on a standby too. Exit code"
                        + " 0 if it succeeds, 1 if it is refused or takes others' rows, 3 if that could not be seen.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  preview 42                                 by primary key",
            "  preview email=ada@example.org              by another unique key",
            "  preview tenant=7,id=42 --after closure     a key of two columns, as a migration would leave the schema",
            "  preview 42 --format html > erasure.html    for the ticket"
        })
final class PreviewCommand extends Verb {

    /** How to answer. */
    enum Format {
        TEXT,
        JSON,
        HTML
    }

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private ConversionOptions conversion;

    @Parameters(
            paramLabel = "<key>",
            arity = "0..*",
            description = "Values of the primary key, or column=value,... of a unique key.")
    private List<String> keys = List.of();

    @Option(
            names = "--all",
            order = 36,
            description =
                    "Not one person but all, each by itself: how many deletes succeed, today and after direct and closure.")
    private boolean all;

    @Option(
            names = "--sample",
            paramLabel = "<n>",
            order = 37,
            defaultValue = "0",
            description = "With --all: only so many people, chosen at random.")
    private int sample;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "<format>",
            order = 30,
            defaultValue = "text",
            description = "text, json or html. Default: text")
    private Format format;

    @Option(
            names = "--after",
            paramLabel = "<scope>",
            order = 31,
            defaultValue = "today",
            description = "today, or direct or closure: what the delete would do after that migration. Default: today")
    private PreviewOptions.After after;

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            order = 32,
            defaultValue = "0",
            description = "Stop counting at about so many rows, and say \"at least\".")
    private long limit;

    @Option(
            names = "--keys",
            paramLabel = "<n>",
            order = 33,
            defaultValue = "3",
            description = "How many primary keys to show of each kind of row; 0 for none. Default: 3")
    private int sampleKeys;

    @Option(
            names = "--trust-triggers",
            order = 34,
            description = "Take it that triggers and rules on the way change nothing about the delete.")
    private boolean trustTriggers;

    @Option(
            names = "--follower-reads",
            order = 35,
            description = "CockroachDB: read from the nearest replica, some seconds in the past.")
    private boolean followerReads;

    @Override
    String asTyped(String message) {
        return conversion.asTyped(message);
    }

    @Override
    public Integer call() {
        if (limit < 0 || sampleKeys < 0 || sample < 0) {
            throw new CliException("--limit, --keys and --sample cannot be negative");
        }
        if (all && !keys.isEmpty()) {
            throw new CliException("either a <key> or several, or --all, not both");
        }
        if (keys.isEmpty() && !all) {
            throw new CliException("whom to preview? Give a <key> or several, or --all");
        }
        CascadeCleanup cleanup = new Database(command(), connection, conversion).open(Database.Access.READ_ONLY);
        PreviewOptions options = PreviewOptions.defaults()
                .withAfter(after)
                .withLimit(limit)
                .withSampleKeys(sampleKeys)
                .withTriggersTrusted(trustTriggers)
                .withFollowerReads(followerReads);
        if (all) {
            return previewPeople(cleanup, options);
        }
        PreviewReport report =
                watched("following the cascades", () -> cleanup.preview(options, keys.toArray(String[]::new)));
        print(
                switch (format) {
                    case TEXT -> report.toText();
                    case JSON -> report.toJson();
                    case HTML -> report.toHtml();
                });
        return switch (report.verdict()) {
            case SUCCEEDS -> ExitCodes.OK;
            case REFUSED, TAKES_OTHERS_ROWS, LEAVES_ROWS_BEHIND -> ExitCodes.NO;
            case ORDER_DECIDES, NOT_SEEN -> ExitCodes.INCOMPLETE;
        };
    }

    private int previewPeople(CascadeCleanup cleanup, PreviewOptions options) {
        if (format == Format.HTML) {
            throw new CliException("--all is answered as text or json");
        }
        List<PreviewOptions.After> schemas =
                after == PreviewOptions.After.TODAY ? List.of(PreviewOptions.After.values()) : List.of(after);
        int code = ExitCodes.OK;
        for (PreviewOptions.After schema : schemas) {
            PeopleReport report = watched(
                    "looking at everybody, " + schema, () -> cleanup.previewPeople(options.withAfter(schema), sample));
            print(format == Format.JSON ? report.toJson() : report.toText());
            boolean no = report.count(PreviewVerdict.REFUSED)
                            + report.count(PreviewVerdict.TAKES_OTHERS_ROWS)
                            + report.count(PreviewVerdict.LEAVES_ROWS_BEHIND)
                    > 0;
            boolean yes = report.count(PreviewVerdict.SUCCEEDS) == report.looked();
            // Of the schemas that are asked about, the last is what one means to have.
            code = no ? ExitCodes.NO : yes ? ExitCodes.OK : ExitCodes.INCOMPLETE;
        }
        return code;
    }
}
