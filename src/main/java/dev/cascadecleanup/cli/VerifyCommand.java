package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
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
                "Exit code 0 if every foreign key on the parent cascades or is excluded, else 1 with the list; 3 if"
                        + " something could not be looked at.",
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
        return verification.passed() ? ExitCodes.OK : verification.failed() ? ExitCodes.NO : ExitCodes.INCOMPLETE;
    }

    private void write(Verification verification) {
        verification.deviating().forEach(this::write);
        verification.refusing().forEach(link -> print(styled("@|red refuses:|@ ") + link));
        verification.notSeen().forEach(hidden -> print(styled("@|red not seen:|@ ") + hidden));
        if (!output().quiet()) {
            verification.open().stream()
                    .filter(link -> !verification.refusing().contains(link))
                    .forEach(link -> print(styled("@|yellow open:|@ ") + link));
            verification.notValidated().forEach(fk -> print(styled("@|yellow not validated:|@ ") + fk));
            verification.kept().forEach(kept -> print("kept: " + kept.foreignKey() + " (" + kept.reason() + ")"));
        }
        print(verdict(verification));
        if (!output().quiet() && !verification.indexes().missing().isEmpty()) {
            print(styled("@|yellow no index:|@ ") + "a delete scans "
                    + verification.indexes().missing().stream()
                            .map(Object::toString)
                            .collect(Collectors.joining(", "))
                    + "; plan has the statements, and cascade_indexes = create builds what is missing");
        }
    }

    private String verdict(Verification verification) {
        if (verification.passed()) {
            return styled("@|green verified:|@ ") + "every foreign key cascades or is excluded";
        }
        if (!verification.failed()) {
            return styled("@|red not verified:|@ ") + "what was seen cascades or is excluded, but not everything was";
        }
        int wrong = verification.deviating().size() + verification.refusing().size();
        return styled("@|red not verified:|@ ") + wrong + (wrong == 1 ? " foreign key" : " foreign keys") + " to mend";
    }

    private void write(Conversion conversion) {
        print(styled("@|red deviates:|@ ") + conversion.foreignKey() + " is ON DELETE "
                + conversion.foreignKey().definition().describeOnDelete());
    }

    private static String json(Verification verification) {
        return JsonWriter.document(
                "passed", verification.passed(),
                "deviating",
                        verification.deviating().stream()
                                .map(PlanJson::conversion)
                                .toList(),
                "open", verification.open().stream().map(PlanJson::link).toList(),
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
