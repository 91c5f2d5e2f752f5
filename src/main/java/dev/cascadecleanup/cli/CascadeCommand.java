package dev.cascadecleanup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command without a verb. */
@Command(
        name = CascadeCommand.NAME,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = CascadeCommand.Version.class,
        usageHelpAutoWidth = true,
        sortOptions = false,
        description =
                "Gives every foreign key on users ON DELETE CASCADE, by Flyway; this looks before, checks after, and undoes.",
        subcommands = {
            PlanCommand.class,
            VerifyCommand.class,
            AuditCommand.class,
            ProveCommand.class,
            PreviewCommand.class,
            IndexesCommand.class,
            UndoCommand.class,
            EraseCommand.class,
            SelfTestCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        },
        footerHeading = "%nExamples, of which each verb's --help has more:%n",
        footer = {
            "  plan --url jdbc:postgresql://db/app --user app        before",
            "  verify                                                after, where flyway.toml or flyway.conf is",
            "  audit --format html > audit.html                      for the ticket"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:yes, or done",
            " 1:no, refused, or failed half-way",
            " 2:usage, configuration or connection",
            " 3:not everything could be looked at",
            "130:interrupted"
        })
final class CascadeCommand implements Runnable {

    static final String NAME = "cascade-cleanup";

    private final Terminal terminal;
    private final Interruption interruption;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    CascadeCommand(Terminal terminal, Interruption interruption) {
        this.terminal = terminal;
        this.interruption = interruption;
    }

    @Override
    public void run() {
        throw new Misuse.NoVerbException(
                spec.commandLine(),
                "which command? plan, verify, audit, prove, preview, indexes, undo, erase, selftest or completion");
    }

    Terminal terminal() {
        return terminal;
    }

    Interruption interruption() {
        return interruption;
    }

    OutputOptions output() {
        return output;
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = CascadeCommand.class.getPackage().getImplementationVersion();
            return new String[] {"flyway-cascade-cleanup " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
