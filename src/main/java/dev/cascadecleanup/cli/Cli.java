package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeException;
import java.io.PrintWriter;
import java.util.Objects;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Runs one command line: parses it, runs the verb, and turns whatever goes wrong into one line and an exit code. */
final class Cli {

    private final Terminal terminal;
    private final Interruption interruption;

    Cli(Terminal terminal, Interruption interruption) {
        this.terminal = terminal;
        this.interruption = interruption;
    }

    int run(String... arguments) {
        CascadeCommand root = new CascadeCommand(terminal, interruption);
        CommandLine commandLine = new CommandLine(root)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.ansi() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(this::misused)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, verb(command)));
        CompletionCommand.nameJar(commandLine);
        return commandLine.execute(arguments);
    }

    private static @Nullable Verb verb(CommandLine command) {
        return command.getCommand() instanceof Verb verb ? verb : null;
    }

    private int misused(ParameterException e, String[] arguments) {
        PrintWriter err = terminal.err();
        err.println(error(Misuse.describe(e)));
        if (!Misuse.wantsToApply(e)) {
            CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        }
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitCodes.USAGE;
    }

    private int failed(Exception e, @Nullable Verb verb) {
        if (interruption.isInterrupted()) {
            terminal.err().println(verb == null ? "" : verb.afterInterruption(e));
            return ExitCodes.INTERRUPTED;
        }
        terminal.err().println(error(describe(e, verb)));
        if (verb != null && verb.output().verbose()) {
            e.printStackTrace(terminal.err());
        } else if (!(e instanceof CliException || e instanceof CascadeException || e instanceof FlywayException)) {
            terminal.err().println("This was not expected. --verbose shows where it happened.");
        }
        return e instanceof CascadeException && verb != null ? verb.codeOfFailure() : ExitCodes.USAGE;
    }

    private static String describe(Exception e, @Nullable Verb verb) {
        if (!(e instanceof CliException || e instanceof CascadeException || e instanceof FlywayException)) {
            return e.toString();
        }
        // A single reason fits on the line that announces it.
        String whole = Objects.requireNonNullElse(e.getMessage(), e.toString());
        String[] lines = whole.split("\\R\\s*- ");
        String message = lines.length == 2 ? lines[0] + " " + lines[1] : whole;
        return verb == null ? message : verb.asTyped(message);
    }

    private String error(String message) {
        return (terminal.ansi() ? Ansi.ON : Ansi.OFF).string("@|bold,red error:|@ ") + message;
    }
}
