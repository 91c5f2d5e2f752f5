package dev.cascadecleanup.realschemas;

/** A line of {@code schemas/expected.csv}: how much of what a schema has. */
record ExpectedCounts(long tables, long foreignKeys, long onUsers, long onUsersNotCascading) {

    static ExpectedCounts of(String schema) {
        String[] fields = Resources.lines("/schemas/expected.csv").stream()
                .map(line -> line.split(","))
                .filter(line -> line[0].equals(schema))
                .findFirst()
                .orElseThrow();
        return new ExpectedCounts(
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]));
    }
}
