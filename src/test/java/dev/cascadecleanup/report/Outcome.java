package dev.cascadecleanup.report;

import java.util.Arrays;

/**
 * What became of one test, or of a whole class that was skipped.
 *
 * @param kind how it ended; or NOTE, for something that a test says about itself
 * @param java the feature version of the JVM that it ran in
 * @param flyway the version of flyway-core on its class path
 * @param server the server of a contract test, as it calls itself; else empty
 * @param test class and method
 * @param text why it was skipped; or what it says
 */
record Outcome(Kind kind, int java, String flyway, String server, String test, String text) {

    enum Kind {
        PASSED,
        FAILED,
        SKIPPED,
        NOTE
    }

    static Outcome parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 6) {
            throw new IllegalArgumentException("not an outcome: " + Arrays.toString(fields));
        }
        return new Outcome(
                Kind.valueOf(fields[0]), Integer.parseInt(fields[1]), fields[2], fields[3], fields[4], fields[5]);
    }

    boolean passed() {
        return kind == Kind.PASSED;
    }

    String line() {
        return String.join("\t", kind.name(), String.valueOf(java), flyway, flat(server), flat(test), flat(text));
    }

    private static String flat(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
