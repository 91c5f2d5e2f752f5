package dev.cascadecleanup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line without saying any of it back: what was typed may be a password, in the wrong place or behind an
 * option that is not one. Only names of options are said, what stands behind an equals sign is not.
 */
final class Misuse {

    private static final Pattern OPTION = Pattern.compile("(--[a-z][a-z-]*)(=.*)?", Pattern.DOTALL);
    private static final String APPLY = "migrate";
    private static final String HOW_TO_APPLY =
            "this command applies nothing: flyway migrate does, with the library's jar where Flyway"
                    + " finds it, or the application at its next start; plan --format sql writes a script instead";

    private Misuse() {}

    static String describe(ParameterException e) {
        if (e instanceof NoVerbException) {
            return Objects.requireNonNull(e.getMessage());
        }
        if (wantsToApply(e)) {
            return HOW_TO_APPLY;
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched());
        }
        if (e instanceof MissingParameterException missing) {
            return missing.getMissing().stream().map(Misuse::name).collect(Collectors.joining(", "))
                    + ": no value is given";
        }
        if (e instanceof OverwrittenOptionException overwritten) {
            return name(overwritten.getOverwritten()) + " is given more than once";
        }
        ArgSpec option = e.getArgSpec();
        if (option == null) {
            return "the arguments cannot be understood";
        }
        return "the value of " + name(option) + " cannot be understood: it is " + expected(option);
    }

    /** Somebody looks for the verb that is Flyway's. No verb of ours is what he means. */
    static boolean wantsToApply(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched
                && unmatched.getUnmatched().get(0).equals(APPLY);
    }

    /** A subcommand was not given; the message has nothing of what was. */
    static final class NoVerbException extends ParameterException {

        private static final long serialVersionUID = 1L;

        NoVerbException(picocli.CommandLine commandLine, String message) {
            super(commandLine, message);
        }
    }

    private static String unmatched(List<String> arguments) {
        List<String> parts = new ArrayList<>();
        arguments.stream()
                .map(OPTION::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(matcher -> matcher.group(1))
                .forEach(name -> parts.add("there is no option " + name));
        if (parts.size() < arguments.size()) {
            int others = arguments.size() - parts.size();
            parts.add(others == 1 ? "one argument belongs nowhere" : others + " arguments belong nowhere");
        }
        return String.join("; ", parts);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String expected(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            String words = StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                    .map(String::toLowerCase)
                    .collect(Collectors.joining(", "));
            if (!words.isEmpty()) {
                return "one of " + words;
            }
        }
        Class<?> type = argument.auxiliaryTypes().length > 0 ? argument.auxiliaryTypes()[0] : argument.type();
        return type == Integer.class || type == int.class ? "a whole number" : argument.paramLabel();
    }
}
