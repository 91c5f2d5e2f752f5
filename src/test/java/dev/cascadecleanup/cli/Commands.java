package dev.cascadecleanup.cli;

import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the command line knows, for those who check what is written about it. */
public final class Commands {

    /** Those that answer nothing about a database. */
    private static final Set<String> ABOUT_ITSELF = Set.of("completion", "help");

    private Commands() {}

    public static CommandSpec root() {
        return new CommandLine(new CascadeCommand(null, null)).getCommandSpec();
    }

    public static CommandSpec verb(String name) {
        CommandLine verb = root().subcommands().get(name);
        return verb == null ? null : verb.getCommandSpec();
    }

    /** The verbs that have an answer, and so exit codes. */
    public static Set<String> verbs() {
        Set<String> verbs = new TreeSet<>(root().subcommands().keySet());
        verbs.removeAll(ABOUT_ITSELF);
        return verbs;
    }

    /** All that any verb ends with. */
    public static Set<Integer> exitCodes() throws IllegalAccessException {
        Set<Integer> codes = new TreeSet<>();
        for (var constant : ExitCodes.class.getDeclaredFields()) {
            if (constant.getType() == int.class) {
                codes.add(constant.getInt(null));
            }
        }
        return codes;
    }

    /** As {@code --help} lists them. */
    public static Set<Integer> exitCodesInTheHelp() {
        Set<Integer> codes = new TreeSet<>();
        root().usageMessage().exitCodeList().keySet().stream()
                .map(code -> Integer.valueOf(code.strip()))
                .forEach(codes::add);
        return codes;
    }
}
