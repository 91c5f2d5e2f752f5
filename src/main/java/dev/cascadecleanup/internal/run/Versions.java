package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;

/** Versions of migrations, which Flyway compares as numbers: 060 is 60. */
public final class Versions {

    private static final Pattern VERSION = Pattern.compile("\\d+([._]\\d+)*");

    private Versions() {}

    /**
     * The version, if Flyway could have it.
     *
     * @throws CascadeException if not: no undo could name it
     */
    static String require(String version) {
        if (version == null || !VERSION.matcher(version).matches()) {
            throw new CascadeException(
                    "'" + version + "' is not a version that Flyway could have; nothing was changed. Give numbers"
                            + " with dots between, such as 67 or 2026.11.29, under which the journal can keep the conversions for an undo.");
        }
        return version;
    }

    /** Whether they are one. Those that Flyway could not have, which older journals may hold, are compared as text. */
    public static boolean same(String one, String other) {
        return (VERSION.matcher(one).matches() && VERSION.matcher(other).matches())
                ? MigrationVersion.fromVersion(one).equals(MigrationVersion.fromVersion(other))
                : one.equals(other);
    }
}
