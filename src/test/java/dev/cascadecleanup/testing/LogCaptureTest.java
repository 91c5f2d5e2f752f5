package dev.cascadecleanup.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogFactory;
import org.junit.jupiter.api.Test;

class LogCaptureTest {

    private static final Log LOG = LogFactory.getLog(LogCaptureTest.class);

    @Test
    void collectsLevelsAndMessages() {
        try (LogCapture log = LogCapture.open()) {
            LOG.info("one");
            LOG.warn("two");
            LOG.error("three", new IllegalStateException("four"));
            assertThat(log.lines()).containsExactly("INFO one", "WARN two", "ERROR three");
            assertThat(log.messages("WARN")).containsExactly("two");
        }
    }

    @Test
    void collectsWhatFlywayLogsInEachOfSeveralRuns() throws Exception {
        try (TestDatabase database = Postgres.newest().createDatabase();
                LogCapture log = LogCapture.open()) {
            for (String schema : new String[] {"one", "two"}) {
                Flyway.configure()
                        .dataSource(database.dataSource())
                        .schemas(schema)
                        .locations("classpath:no/migrations")
                        .load()
                        .migrate();
                LOG.info("after " + schema);
            }
            assertThat(log.messages("INFO"))
                    .anyMatch(line -> line.contains("Current version of schema \"one\""))
                    .anyMatch(line -> line.contains("Current version of schema \"two\""))
                    .contains("after one", "after two");
        }
    }

    @Test
    void collectsNothingAfterItIsClosed() {
        LogCapture log = LogCapture.open();
        log.close();
        LOG.error("late");
        assertThat(log.lines()).isEmpty();
    }
}
