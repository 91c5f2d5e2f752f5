package dev.cascadecleanup.cli;

/** Where {@code java -jar} begins. */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Terminal terminal = Terminal.ofProcess();
        Interruption interruption = new Interruption(terminal.err());
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::interrupted, "interruption"));
        int code = new Cli(terminal, interruption).run(arguments);
        interruption.finished();
        System.exit(code);
    }
}
