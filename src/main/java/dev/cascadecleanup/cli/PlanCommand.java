package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.plan.CascadePlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A look before. */
@Command(name = "plan", description = "What the migration would do to this database. Exit code 1 if it would be refused.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  plan --url jdbc:postgresql://db/app --user app",
            "  plan --format json | jq '.conversions | length'"})
final class PlanCommand extends Verb {

    /** How to answer. */
    enum Format {
        TEXT, JSON
    }

    @Mixin
    private ConnectionOptions connection;
    @Mixin
    private ConversionOptions conversion;
    @Option(names = {"-f", "--format"}, paramLabel = "<format>", order = 30, defaultValue = "text",
            description = "text or json. Default: text")
    private Format format;

    @Override
    public Integer call() {
        CascadeCleanup cleanup = new Database(command(), connection, conversion).open(Database.Access.READ_ONLY);
        CascadePlan plan = watched("reading the catalog", cleanup::plan);
        if (plan.parents().isEmpty()) {
            throw new CliException(String.join(" ", plan.problems().stream().map(Object::toString).toList()));
        }
        print(format == Format.JSON ? PlanJson.write(plan) : new PlanText(plan, cleanup.options()).write());
        return plan.problems().isEmpty() ? ExitCodes.OK : ExitCodes.NO;
    }
}
