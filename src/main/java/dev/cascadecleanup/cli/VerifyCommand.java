package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.internal.json.JsonWriter;
import dev.cascadecleanup.plan.Conversion;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether all is as it should be. */
@Command(
        name = "verify",
        description =
                "Exit code 0 if every foreign key on the parent cascades or is excluded, with --scope closure if nothing refuses"
                        + " the delete or takes others' rows undecided; 1 if not; 3 if something could not be looked at.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  verify --url jdbc:postgresql://db/app --user app",
            "  verify --scope closure --keep audit_log.actor_id"
        })
final class VerifyCommand extends Verb {

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
            order = 30,
            defaultValue = "text",
            description = "text or json. Default: text")
    private Format format;

    @Override
    String asTyped(String message) {
        return conversion.asTyped(message);
    }

    @Override
    public Integer call() {
        CascadeCleanup cleanup = new Database(command(), connection, conversion).open(Database.Access.READ_ONLY);
        Verification verification = watched("reading the catalog", cleanup::verify);
        if (format == Format.JSON) {
            print(json(verification));
        } else {
            write(verification);
        }
        return switch (verification.result()) {
            case YES -> ExitCodes.OK;
            case NO -> ExitCodes.NO;
            case NOT_SEEN -> ExitCodes.INCOMPLETE;
        };
    }

    /** The answer first; what it does not count is left out when quiet, but for its number. */
    private void write(Verification verification) {
        boolean closure = verification.scope() == CascadeOptions.Scope.CLOSURE;
        print(answer(verification.result()) + verification.summary());
        verification.deviating().forEach(this::write);
        verification.ineffective().forEach(fk -> print(styled("@|red does nothing:|@ ") + fk));
        verification.notSeen().forEach(hidden -> print(styled("@|red not seen:|@ ") + hidden));
        if (closure || !output().quiet()) {
            String color = closure ? "red" : "yellow";
            verification.refusing().forEach(link -> print(styled("@|" + color + " refuses:|@ ") + link));
            verification.taking().forEach(link -> print(styled("@|" + color + " takes others' rows:|@ ") + link));
            verification.interceptors().forEach(each -> print(styled("@|" + color + " trigger:|@ ") + each));
        }
        if (!output().quiet()) {
            verification.accepted().forEach(link -> print("accepted: " + link));
            verification.decided().trusted().forEach(each -> print("accepted: " + each));
            verification.notValidated().forEach(fk -> print(styled("@|yellow not validated:|@ ") + fk));
            verification.kept().forEach(kept -> print("kept: " + kept.foreignKey() + " (" + kept.reason() + ")"));
            if (!verification.indexes().missing().isEmpty()) {
                print(styled("@|yellow no index:|@ ") + "a delete scans "
                        + verification.indexes().missing().stream()
                                .map(Object::toString)
                                .collect(Collectors.joining(", "))
                        + "; plan has the statements, and cascade_indexes = create builds what is missing");
            }
        }
    }

    private String answer(Verification.Result result) {
        return styled("@|" + (result == Verification.Result.YES ? "green" : "red") + " " + result + ":|@ ");
    }

    private void write(Conversion conversion) {
        print(styled("@|red deviates:|@ ") + conversion.foreignKey() + " is ON DELETE "
                + conversion.foreignKey().definition().describeOnDelete());
    }

    private static String json(Verification verification) {
        return JsonWriter.document(
                "result", verification.result().name(),
                "summary", verification.summary(),
                "passed", verification.passed(),
                "deviating",
                        verification.deviating().stream()
                                .map(PlanJson::conversion)
                                .toList(),
                "open", verification.open().stream().map(PlanJson::link).toList(),
                "ineffective", verification.ineffective(),
                "accepted", verification.accepted().stream().map(PlanJson::link).toList(),
                "acceptedTriggers",
                        verification.decided().trusted().stream()
                                .map(PlanJson::interceptor)
                                .toList(),
                "triggers",
                        verification.interceptors().stream()
                                .map(PlanJson::interceptor)
                                .toList(),
                "notValidated", verification.notValidated(),
                "missingIndexes",
                        verification.indexes().missing().stream()
                                .map(PlanJson::index)
                                .toList(),
                "kept", verification.kept().stream().map(PlanJson::kept).toList(),
                "notSeen",
                        verification.notSeen().stream().map(PlanJson::notSeen).toList());
    }
}
