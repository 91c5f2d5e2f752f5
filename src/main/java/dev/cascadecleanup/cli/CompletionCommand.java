package dev.cascadecleanup.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Completion for bash and zsh. */
@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        footerHeading = "%nExample, with an alias for the jar:%n",
        footer = {
            "  alias cascade-cleanup='java -jar flyway-cascade-cleanup-cli.jar'",
            "  source <(cascade-cleanup completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    @ParentCommand
    private CascadeCommand command;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        command.terminal()
                .out()
                .print(AutoComplete.bash(CascadeCommand.NAME, spec.root().commandLine()));
        command.terminal().out().flush();
        return ExitCodes.OK;
    }
}
