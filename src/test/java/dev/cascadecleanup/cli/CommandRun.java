package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command line that was run in this JVM.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int code, String out, String err) {

    /** A command line to be run. */
    static final class Builder {

        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private final Deque<String> answers = new ArrayDeque<>();
        private boolean terminal;

        /** On this database, as its owner. */
        Builder on(TestDatabase database) {
            arguments.addAll(List.of("--url", database.jdbcUrl(), "--user", database.user()));
            environment.put("CASCADE_CLEANUP_PASSWORD", database.password());
            return this;
        }

        Builder with(String... more) {
            arguments.addAll(Arrays.asList(more));
            return this;
        }

        Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Somebody sits in front of it, who gives these answers. */
        Builder answering(String... lines) {
            terminal = true;
            answers.addAll(Arrays.asList(lines));
            return this;
        }

        CommandRun run() {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            PrintWriter errWriter = new PrintWriter(err, true);
            Terminal world = new Terminal(
                    new PrintWriter(out, true),
                    errWriter,
                    environment,
                    terminal ? Optional.of(new Script(answers, out)) : Optional.empty(),
                    false);
            int code = new Cli(world, new Interruption(errWriter)).run(arguments.toArray(String[]::new));
            assertThat(answers).as("answers that nobody asked for").isEmpty();
            return new CommandRun(code, out.toString(), err.toString());
        }
    }

    private record Script(Deque<String> answers, StringWriter out) implements Terminal.Person {

        @Override
        public String answer(String question) {
            out.write(question + "\n");
            return answers.poll();
        }

        @Override
        public char[] secret(String question) {
            return answer(question).toCharArray();
        }
    }

    static Builder of(String verb) {
        return new Builder().with(verb);
    }

    CommandRun assertCode(int expected) {
        assertThat(code)
                .as("exit code, with output: %s%nand errors: %s", out, err)
                .isEqualTo(expected);
        return this;
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }
}
