package dev.cascadecleanup.realschemas;

import java.util.List;
import java.util.stream.Stream;

/** A line of {@code schemas/expected-closure.csv}: what the closure finds on a schema. */
record ExpectedClosure(int direct, int below, List<String> toBeNamed) {

    static ExpectedClosure of(RealSchema schema) {
        String[] fields = Resources.lines("/schemas/expected-closure.csv").stream()
                .map(line -> line.split(",", -1))
                .filter(line -> line[0].equals(schema.toString()))
                .findFirst()
                .orElseThrow();
        return new ExpectedClosure(
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Stream.of(fields[3].split(" ")).filter(name -> !name.isEmpty()).toList());
    }
}
