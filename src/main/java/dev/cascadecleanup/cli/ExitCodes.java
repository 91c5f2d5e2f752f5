package dev.cascadecleanup.cli;

/** What the command line tells a pipeline. */
final class ExitCodes {

    /** Yes, or done. */
    static final int OK = 0;
    /** No, refused, or failed half-way. */
    static final int NO = 1;
    /** The question could not be asked: usage, configuration or connection. */
    static final int USAGE = 2;
    /** Nothing wrong was found, but not everything could be looked at. */
    static final int INCOMPLETE = 3;
    /** Ended by Ctrl-C: 128 + SIGINT, as shells have it. */
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
