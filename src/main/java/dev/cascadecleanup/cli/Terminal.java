package dev.cascadecleanup.cli;

import java.io.Console;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * The world around a command: its output, its diagnostics, its environment and whoever sits in front of it.
 *
 * @param out for results
 * @param err for everything else
 * @param environment the environment variables
 * @param person who can be asked, if anybody
 * @param ansi whether to colour, and to overwrite a progress line
 */
record Terminal(
        PrintWriter out, PrintWriter err, Map<String, String> environment, Optional<Person> person, boolean ansi) {

    /** Whoever answers questions. */
    interface Person {

        /** The line typed, or null at the end of the input. */
        String answer(String question);

        /** The same without showing what is typed. */
        char[] secret(String question);
    }

    /** Of this process. Nobody can be asked where input or output is redirected. */
    static Terminal ofProcess() {
        Console console = System.console();
        return new Terminal(
                writer(System.out, "stdout.encoding"),
                writer(System.err, "stderr.encoding"),
                System.getenv(),
                Optional.ofNullable(console).map(ConsolePerson::new),
                Ansi.AUTO.enabled());
    }

    /** From Java 22 on there is a console without a terminal, too, and it can be asked. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isOnTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static PrintWriter writer(PrintStream stream, String encodingProperty) {
        // Redirected to a file, a report is UTF-8 whatever the locale; HTML and JSON say so of themselves.
        String encoding = isOnTerminal() ? System.getProperty(encodingProperty) : null;
        return new PrintWriter(
                new OutputStreamWriter(stream, encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding)),
                true);
    }

    private record ConsolePerson(Console console) implements Person {

        @Override
        public String answer(String question) {
            return console.readLine("%s", question);
        }

        @Override
        public char[] secret(String question) {
            return console.readPassword("%s", question);
        }
    }
}
