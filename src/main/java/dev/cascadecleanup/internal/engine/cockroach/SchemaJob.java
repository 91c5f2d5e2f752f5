package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job of CockroachDB that changes a schema and is not at rest.
 *
 * @param id its ID, as RESUME JOB and CANCEL JOB take it
 * @param status its status in SHOW JOBS
 * @param description the statement that it belongs to, or words
 */
record SchemaJob(long id, String status, String description) {

    /** Whether it stands still until somebody resumes it. */
    boolean isPaused() {
        return status.equals("paused") || status.equals("pause-requested");
    }

    /** {@code job 1229356519285915649 (paused)}. */
    String describe() {
        return "job " + id + " (" + status + ")";
    }

    /**
     * Whether its description names a table. Names are quoted there only where they need it, and mostly have their database and
     * schema in front; a table of the same name elsewhere is not meant.
     */
    boolean mentions(String database, TableName table) {
        String name = "(?:(?:" + spellings(database) + "\\.)?" + spellings(table.schema()) + "\\.)?"
                + spellings(table.name());
        Matcher matcher = Pattern.compile("(?<![\\p{L}\\p{N}_$\".])" + name + "(?![\\p{L}\\p{N}_$\".])")
                .matcher(description);
        return matcher.find();
    }

    private static String spellings(String identifier) {
        return "(?:" + Pattern.quote(Identifiers.quote(identifier)) + '|' + Pattern.quote(identifier) + ')';
    }
}
