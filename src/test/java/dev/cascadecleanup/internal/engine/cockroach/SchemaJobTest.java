package dev.cascadecleanup.internal.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The descriptions are those of CockroachDB v21.1. */
class SchemaJobTest {

    private static final TableName TRIPS = new TableName("public", "trips");
    private static final TableName WEIRD = new TableName("s\"x", "We\"ird Täb;le");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE app.public.trips ADD CONSTRAINT x FOREIGN KEY (user_id) REFERENCES app.public.users (id) ON DELETE CASCADE",
                "ALTER TABLE app.public.trips DROP CONSTRAINT x",
                "ALTER TABLE public.trips DROP CONSTRAINT x",
                "ALTER TABLE trips DROP CONSTRAINT x",
                "ALTER TABLE \"app\".\"public\".\"trips\" DROP CONSTRAINT x",
                "CREATE INDEX i ON app.public.trips (user_id)",
                "updating referenced FK table users(82) for table trips(84)",
                "ALTER TABLE app.public.legs ADD CONSTRAINT y FOREIGN KEY (trip) REFERENCES app.public.trips (id)"
            })
    void mentionsTheTable(String description) {
        assertThat(job(description).mentions("app", TRIPS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE app2.public.trips DROP CONSTRAINT x",
                "ALTER TABLE app.other.trips DROP CONSTRAINT x",
                "ALTER TABLE app.public.trips_archive DROP CONSTRAINT x",
                "ALTER TABLE app.public.\"old trips\" DROP CONSTRAINT x",
                "ALTER TABLE app.public.round_trips DROP CONSTRAINT x",
                "ALTER TABLE app.public.tripsé DROP CONSTRAINT x",
                ""
            })
    void doesNotMistakeAnotherTableForIt(String description) {
        assertThat(job(description).mentions("app", TRIPS)).isFalse();
    }

    @Test
    void knowsQuotedNames() {
        assertThat(
                        job("ALTER TABLE xq1.\"s\"\"x\".\"We\"\"ird Täb;le\" ADD CONSTRAINT \"xa\"\"b_cctmp\" FOREIGN KEY (u) REFERENCES"
                                        + " xq1.public.users (id) ON DELETE CASCADE")
                                .mentions("xq1", WEIRD))
                .isTrue();
        assertThat(job("updating referenced FK table users(82) for table We\"ird Täb;le(84)")
                        .mentions("xq1", WEIRD))
                .isTrue();
        assertThat(job("ALTER TABLE xq1.public.\"We\"\"ird Täb;le\" DROP CONSTRAINT x")
                        .mentions("xq1", WEIRD))
                .isFalse();
    }

    @Test
    void countsARequestToPauseAsPaused() {
        assertThat(new SchemaJob(1, "pause-requested", "").isPaused()).isTrue();
        assertThat(new SchemaJob(1, "paused", "").isPaused()).isTrue();
        assertThat(new SchemaJob(1, "running", "").isPaused()).isFalse();
    }

    private static SchemaJob job(String description) {
        return new SchemaJob(1, "running", description);
    }
}
