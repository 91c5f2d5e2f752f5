package dev.cascadecleanup.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.testing.HotStandby;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A streaming hot standby answers what its primary answers. */
class PreviewStandbyTest {

    private static HotStandby servers;
    private static TestDatabase database;

    @BeforeAll
    static void createPeople() throws Exception {
        servers = HotStandby.start();
        database = servers.primary().createDatabase();
        database.execute(
                "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE)",
                "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE likes (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,"
                        + " post_id bigint NOT NULL REFERENCES posts)",
                "CREATE TABLE tasks (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)",
                "CREATE TABLE seen (id bigint PRIMARY KEY, post_id bigint REFERENCES posts ON DELETE CASCADE) PARTITION BY HASH (id)",
                "CREATE TABLE seen0 PARTITION OF seen FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE seen1 PARTITION OF seen FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "CREATE TABLE logs (id bigint PRIMARY KEY, user_id text, user_ids bigint[])",
                "INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c')",
                "INSERT INTO posts SELECT g, 1 + g % 3 FROM generate_series(1, 30) g",
                "INSERT INTO likes VALUES (1, 2, 3), (2, 1, 3)",
                "INSERT INTO tasks VALUES (1, 1), (2, 2), (3, NULL)",
                "INSERT INTO seen SELECT g, 1 + g % 30 FROM generate_series(1, 60) g",
                "INSERT INTO logs VALUES (1, '3', NULL), (2, NULL, ARRAY[3, 1])");
    }

    @AfterAll
    static void stop() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    @Test
    void itIsAStandby() throws SQLException {
        try (Connection connection = servers.dataSource(database).getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("CREATE TABLE nothing ()"))
                    .hasMessageContaining("read-only transaction");
        }
    }

    @Test
    void answersAsThePrimaryDoes() throws SQLException {
        DataSource standby = servers.dataSource(database);
        for (PreviewOptions.After after : PreviewOptions.After.values()) {
            PreviewOptions options = PreviewOptions.defaults().withAfter(after);
            for (String key : new String[] {"1", "2", "email=c"}) {
                assertThat(said(CascadeCleanup.of(standby).preview(options, key)))
                        .as(after + ", " + key)
                        .isEqualTo(said(CascadeCleanup.of(database.dataSource()).preview(options, key)));
            }
            PeopleReport people = CascadeCleanup.of(standby).previewPeople(options, 0);
            PeopleReport onPrimary = CascadeCleanup.of(database.dataSource()).previewPeople(options, 0);
            assertThat(people.verdicts()).isEqualTo(onPrimary.verdicts());
            assertThat(people.refusing()).isEqualTo(onPrimary.refusing());
            assertThat(people.taking()).isEqualTo(onPrimary.taking());
        }
        assertThat(CascadeCleanup.of(standby).preview("email=c").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        assertThat(CascadeCleanup.of(standby).preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> CascadeCleanup.of(standby).preview("9"))
                .isInstanceOf(CascadeException.class)
                .hasMessageContaining("no row of users");
    }

    private static List<Object> said(PreviewReport report) {
        List<Object> said = new ArrayList<>(List.of(
                report.keys(),
                report.verdict(),
                report.reasons(),
                report.rowsDeleted(),
                report.rowsDetached(),
                report.complete(),
                report.tables(),
                report.links(),
                report.copies(),
                report.notSeen(),
                report.triggers()));
        said.add(report.forecast().missingIndexes());
        return said;
    }
}
