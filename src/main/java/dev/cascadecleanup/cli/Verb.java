package dev.cascadecleanup.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParentCommand;

/** What the verbs that talk to a database share. */
abstract class Verb implements Callable<Integer> {

    @ParentCommand
    private CascadeCommand command;

    final CascadeCommand command() {
        return command;
    }

    final OutputOptions output() {
        return command.output();
    }

    final void print(String text) {
        command.terminal().out().println(text);
    }

    /** With the little colour that a word such as {@code @|red no|@} says. */
    final String styled(String markup) {
        return (command.terminal().ansi() ? Ansi.ON : Ansi.OFF).string(markup);
    }

    /** Work that may take a while, with a line that says so. */
    @SuppressWarnings("try") // it only has to be closed
    final <T> T watched(String what, Supplier<T> work) {
        try (Progress progress = Progress.of(what, command.terminal(), output().quiet())) {
            return work.get();
        }
    }

    /** A message about placeholders, with those that were typed as options called what was typed. */
    String asTyped(String message) {
        return message;
    }

    /** The code when the facade refuses or fails. Those that only look have found nothing out then. */
    int codeOfFailure() {
        return ExitCodes.USAGE;
    }

    /** Where things stand after Ctrl-C. */
    String afterInterruption(Exception e) {
        return "Nothing was changed: this only reads.";
    }
}
