package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.erase.EraseIncompleteException;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseRefusedException;
import dev.cascadecleanup.erase.EraseResult;
import dev.cascadecleanup.erase.NoSuchPersonException;
import dev.cascadecleanup.internal.json.JsonWriter;
import dev.cascadecleanup.internal.plan.Durations;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** People erased. */
@Command(
        name = "erase",
        description =
                "Shows what deleting the row of the parent with this primary key would do, asks, and does it; of a heavy person it takes"
                        + " the large tables apart first, in short transactions. Block the account before: until the end the person exists with fewer"
                        + " and fewer rows. What was interrupted is finished by running it again. Exit code 0 if everybody is erased, 1 if somebody is"
                        + " not, 2 if there is no such row, 3 if something that decides could not be seen.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  erase 4711 --url jdbc:postgresql://db/app --user app",
            "  erase --yes --format json 4711 4712 > receipts.json",
            "  erase email=jane@example.org                         another unique key"
        })
final class EraseCommand extends Verb {

    /** How to answer. */
    enum Format {
        TEXT,
        JSON
    }

    /** As everywhere else: {@code 200ms}, {@code 1s}. */
    static final class DurationConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Parameters(
            paramLabel = "<key>",
            arity = "1..*",
            description = "Primary keys, or column=value, with a comma between several, for another unique key.")
    private List<String> keys;

    @Mixin
    private ConnectionOptions connection;

    @Mixin
    private DecisionOptions decisions;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "<format>",
            order = 29,
            defaultValue = "text",
            description = "Of the receipts: text or json. Default: text")
    private Format format;

    @Option(
            names = {"-y", "--yes"},
            order = 30,
            description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--without-preview",
            order = 31,
            description = "Do not look ahead: try the DELETE, and take tables apart only if nothing can refuse it.")
    private boolean withoutPreview;

    @Option(
            names = "--trust-triggers",
            order = 31,
            description = "Take it that triggers and rules on the way change nothing about the delete.")
    private boolean trustTriggers;

    @Option(
            names = "--drain-above",
            paramLabel = "<rows>",
            order = 32,
            description = "Take people apart who have this many rows. Default: 10000")
    private @Nullable Integer drainAbove;

    @Option(
            names = "--step-goal",
            paramLabel = "<duration>",
            order = 33,
            converter = DurationConverter.class,
            description = "How long a step may take, about. Default: 200ms")
    private @Nullable Duration stepGoal;

    @Option(
            names = "--step-timeout",
            paramLabel = "<duration>",
            order = 34,
            converter = DurationConverter.class,
            description = "When to give a step up, and try fewer rows. Default: twice --step-goal")
    private @Nullable Duration stepTimeout;

    @Option(
            names = "--delete-timeout",
            paramLabel = "<duration>",
            order = 34,
            converter = DurationConverter.class,
            description = "When to give up the DELETE at the end. Default: 10m")
    private @Nullable Duration deleteTimeout;

    @Option(
            names = "--lock-timeout",
            paramLabel = "<duration>",
            order = 35,
            converter = DurationConverter.class,
            description =
                    "PostgreSQL: how long a step or the DELETE waits for a lock before it lets go. Default: 200ms")
    private @Nullable Duration lockTimeout;

    @Option(
            names = "--max-wait",
            paramLabel = "<duration>",
            order = 35,
            converter = DurationConverter.class,
            description = "How long to go on trying against locks, for each step and for the DELETE. Default: 1m")
    private @Nullable Duration maxWait;

    @Option(
            names = "--pause",
            paramLabel = "<duration>",
            order = 36,
            converter = DurationConverter.class,
            description = "How long to rest after each step. Default: 0ms")
    private @Nullable Duration pause;

    @Override
    public Integer call() {
        EraseOptions options = options();
        CascadeCleanup cleanup = new Database(command(), connection, decisions).open(Database.Access.READ_WRITE);
        if (!yes) {
            Integer no = ask(cleanup);
            if (no != null) {
                return no;
            }
        }
        List<EraseResult> results = new ArrayList<>();
        for (String key : keys) {
            try (EraseProgressLines progress =
                    EraseProgressLines.of(key, command().terminal(), output().quiet())) {
                results.addAll(cleanup.erase(List.of(key), options.withListener(progress)));
            }
            show(results.get(results.size() - 1));
        }
        if (format == Format.JSON) {
            print(JsonWriter.document(
                    "results", results.stream().map(EraseCommand::json).toList()));
        }
        return code(results);
    }

    private EraseOptions options() {
        EraseOptions options = EraseOptions.defaults();
        try {
            options = drainAbove == null ? options : options.withDrainAbove(drainAbove);
            options = stepGoal == null ? options : options.withStepGoal(stepGoal);
            options = stepTimeout == null ? options : options.withStepTimeout(stepTimeout);
            options = deleteTimeout == null ? options : options.withDeleteTimeout(deleteTimeout);
            options = lockTimeout == null ? options : options.withLockTimeout(lockTimeout);
            options = maxWait == null ? options : options.withMaxWait(maxWait);
            options = pause == null ? options : options.withPause(pause);
        } catch (IllegalArgumentException e) {
            throw new CliException(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
        options = options.withTriggersTrusted(trustTriggers);
        return withoutPreview ? options.withoutPreview() : options;
    }

    private void show(EraseResult result) {
        CascadeException failure = result.failure();
        if (failure != null) {
            command().terminal().err().println(styled("@|bold,red error:|@ ") + failure.getMessage());
        } else if (format == Format.TEXT) {
            print(String.valueOf(result.receipt()));
        }
    }

    private static Map<String, Object> json(EraseResult result) {
        Map<String, Object> json = JsonWriter.object("key", result.key(), "erased", result.erased());
        CascadeException failure = result.failure();
        if (failure == null) {
            json.put("receipt", Objects.requireNonNull(result.receipt()).toJsonObject());
        } else {
            json.put("error", failure.getMessage());
            if (failure instanceof EraseIncompleteException incomplete) {
                json.put("gone", incomplete.receipt().toJsonObject());
            }
        }
        return json;
    }

    private static int code(List<EraseResult> results) {
        List<EraseResult> failed =
                results.stream().filter(result -> !result.erased()).toList();
        if (failed.isEmpty()) {
            return ExitCodes.OK;
        }
        if (failed.stream().allMatch(result -> result.failure() instanceof EraseRefusedException e && !e.seen())) {
            return ExitCodes.INCOMPLETE;
        }
        return failed.stream().allMatch(result -> result.failure() instanceof NoSuchPersonException)
                ? ExitCodes.USAGE
                : ExitCodes.NO;
    }

    /** Shows what would happen, and asks; the exit code if it is not to. */
    private @Nullable Integer ask(CascadeCleanup cleanup) {
        Terminal.Person person = command()
                .terminal()
                .person()
                .orElseThrow(() -> new CliException("nobody can be asked here; say --yes"));
        if (!withoutPreview) {
            PreviewReport preview = preview(cleanup);
            print(preview.toText());
            switch (preview.verdict()) {
                case SUCCEEDS, ORDER_DECIDES -> {}
                case NOT_SEEN -> {
                    print("Nothing was changed.");
                    return ExitCodes.INCOMPLETE;
                }
                case REFUSED, TAKES_OTHERS_ROWS, LEAVES_ROWS_BEHIND -> {
                    print("Nothing was changed.");
                    return ExitCodes.NO;
                }
            }
        }
        String answer =
                person.answer("Erase " + (keys.size() == 1 ? keys.get(0) : keys.size() + " people") + "? [y/N] ");
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
            print("Nothing was changed.");
            return ExitCodes.NO;
        }
        return null;
    }

    private PreviewReport preview(CascadeCleanup cleanup) {
        try {
            return watched(
                    "following the cascades",
                    () -> cleanup.preview(
                            PreviewOptions.defaults().withTriggersTrusted(trustTriggers), keys.toArray(String[]::new)));
        } catch (CascadeException e) {
            throw e.getCause() instanceof SQLException ? e : new CliException(e.getMessage());
        }
    }

    @Override
    String asTyped(String message) {
        return decisions.asTyped(message);
    }

    @Override
    int codeOfFailure() {
        return ExitCodes.NO;
    }

    @Override
    String afterInterruption(Exception e) {
        return "What finished steps have deleted stays deleted. Whoever was being erased is still there, unless a receipt says otherwise:"
                + " run again, it goes on from there.";
    }
}
