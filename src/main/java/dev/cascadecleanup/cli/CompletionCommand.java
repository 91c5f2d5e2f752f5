package dev.cascadecleanup.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Completion for bash and zsh. */
@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        footerHeading = "%nExample, with an alias for the jar:%n",
        footer = {
            "  alias cascade-cleanup='java -jar " + CompletionCommand.JAR + "'",
            "  source <(cascade-cleanup completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    static final String JAR = "/path/to/this.jar";

    @ParentCommand
    private CascadeCommand command;

    @Spec
    private CommandSpec spec;

    /** The help shows the jar that this runs from. */
    static void nameJar(CommandLine root) {
        Path place = Path.of(CompletionCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        if (!place.toString().endsWith(".jar")) {
            return;
        }
        UsageMessageSpec help = Objects.requireNonNull(root.getSubcommands().get("completion"))
                .getCommandSpec()
                .usageMessage();
        help.footer(Arrays.stream(help.footer())
                .map(line -> line.replace(JAR, place.toAbsolutePath().toString()))
                .toArray(String[]::new));
    }

    @Override
    public Integer call() {
        command.terminal()
                .out()
                .print(AutoComplete.bash(CascadeCommand.NAME, spec.root().commandLine()));
        command.terminal().out().flush();
        return ExitCodes.OK;
    }
}
