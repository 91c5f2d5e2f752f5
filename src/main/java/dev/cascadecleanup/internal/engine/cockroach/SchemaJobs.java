package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.Durations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The schema changes of a table that are under way, through SHOW JOBS, which every role may ask about its own jobs. It lists what
 * ended in the last 12 hours too, so that the server is asked to leave that out.
 */
final class SchemaJobs {

    private static final String UNFINISHED = """
             WHERE job_type IN ('SCHEMA CHANGE', 'NEW SCHEMA CHANGE')
               AND status NOT IN ('succeeded', 'failed', 'canceled', 'revert-failed')""";
    private static final String ALL = "SELECT job_id, status, description FROM [SHOW JOBS]" + UNFINISHED;
    /** Asked by ID the server gives the whole description, which newer versions cut short in the list (manual, SHOW JOBS). */
    private static final String BY_ID =
            "SELECT job_id, status, description FROM [SHOW JOBS SELECT unnest(string_to_array(?, ',')::int8[])]"
                    + UNFINISHED;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Connection connection;

    SchemaJobs(Connection connection) {
        this.connection = connection;
    }

    /** The jobs at work on one of the tables; none where the role may not see jobs. */
    List<SchemaJob> unfinished(TableName... tables) throws SQLException {
        List<SchemaJob> jobs = query(ALL);
        if (jobs.isEmpty() || jobs.stream().allMatch(job -> mentionsOne(job, tables))) {
            return jobs;
        }
        String ids = jobs.stream().map(job -> Long.toString(job.id())).collect(Collectors.joining(","));
        return query(BY_ID, ids).stream()
                .filter(job -> mentionsOne(job, tables))
                .toList();
    }

    /**
     * Waits until no job is at work on a table.
     *
     * @param subject what waits, for messages
     * @throws SQLTimeoutException if one still is after that time
     */
    void awaitRest(String subject, TableName table, Duration maxWait, JobWarnings warnings) throws SQLException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, maxWait);
        for (List<SchemaJob> jobs = unfinished(table); !jobs.isEmpty(); jobs = unfinished(table)) {
            warnings.paused(subject, jobs);
            if (backoff.isOver()) {
                throw new SQLTimeoutException(
                        subject + ": a schema change of " + table + " has been under way for cascade_max_wait = "
                                + Durations.format(maxWait) + ": " + describe(jobs) + ". Wait for it (SHOW JOB "
                                + jobs.get(0).id() + "), resume it if it is paused (RESUME JOB "
                                + jobs.get(0).id()
                                + "), then run again",
                        SqlStates.OBJECT_NOT_IN_PREREQUISITE_STATE);
            }
            backoff.pause();
        }
    }

    static String describe(List<SchemaJob> jobs) {
        return jobs.stream().map(SchemaJob::describe).collect(Collectors.joining(", "));
    }

    private boolean mentionsOne(SchemaJob job, TableName... tables) {
        try {
            String database = connection.getCatalog();
            return List.of(tables).stream().anyMatch(table -> job.mentions(database, table));
        } catch (SQLException e) {
            throw new IllegalStateException("the driver does not know the database of its own connection", e);
        }
    }

    private List<SchemaJob> query(String sql, Object... parameters) throws SQLException {
        try {
            return Sql.query(
                    connection,
                    sql,
                    row -> new SchemaJob(
                            row.getLong("job_id"),
                            row.getString("status"),
                            String.valueOf(row.getString("description"))),
                    parameters);
        } catch (SQLException e) {
            if (SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                return List.of();
            }
            throw e;
        }
    }
}
