package dev.cascadecleanup;

import dev.cascadecleanup.internal.guard.GuardFindings;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.Configuration;

/**
 * For a build's own tests, with any test framework: a new foreign key that does not cascade fails the build and not the first erasure.
 *
 * <pre>{@code
 * @Test
 * void everyForeignKeyOnUsersCascades() {
 *     CascadeAssertions.assertDeletesCascade(dataSource);
 * }
 * }</pre>
 */
public final class CascadeAssertions {

    private CascadeAssertions() {}

    /**
     * Every foreign key on {@code users} cascades.
     *
     * @throws AssertionError naming those that do not, each with the statement that mends it
     * @throws CascadeException if the database is neither PostgreSQL nor CockroachDB, or does not answer
     */
    public static void assertDeletesCascade(DataSource dataSource) {
        assertDeletesCascade(CascadeCleanup.of(dataSource));
    }

    /**
     * Every foreign key is as these options want it. In the scope {@code closure}, none below refuses the delete either.
     *
     * @throws AssertionError naming those that are not, each with the statement that mends it; or if the options do not fit the database
     * @throws CascadeException if the database is neither PostgreSQL nor CockroachDB, or does not answer
     */
    public static void assertDeletesCascade(DataSource dataSource, CascadeOptions options) {
        assertDeletesCascade(CascadeCleanup.of(dataSource).withOptions(options));
    }

    /**
     * The same with the options that Flyway's placeholders set.
     *
     * @throws AssertionError naming those that are not, each with the statement that mends it; or if the options do not fit the database
     * @throws CascadeException if a placeholder cannot be understood, or the database is another or does not answer
     */
    public static void assertDeletesCascade(Configuration flyway) {
        assertDeletesCascade(CascadeCleanup.of(flyway));
    }

    private static void assertDeletesCascade(CascadeCleanup cleanup) {
        GuardFindings findings = cleanup.guardFindings();
        if (!findings.violations().isEmpty()) {
            throw new AssertionError(findings.violationText());
        }
        if (!findings.problems().isEmpty()) {
            throw new AssertionError("the options do not fit this database: " + String.join(" ", findings.problems()));
        }
        if (!findings.notSeen().isEmpty()) {
            throw new AssertionError("not seen: " + String.join(" ", findings.notSeen()));
        }
    }
}
