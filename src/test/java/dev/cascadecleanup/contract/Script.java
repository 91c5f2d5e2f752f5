package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Runs a script of SQL as psql would: one statement after the other in one session. */
final class Script {

    private Script() {}

    static void run(DataSource dataSource, String script) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements(script)) {
                statement.execute(sql);
            }
        }
    }

    /** Cut at semicolons outside of quotes. */
    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        char quote = 0;
        for (String line : script.split("\n")) {
            if (quote == 0 && line.startsWith("--")) {
                continue;
            }
            for (char c : (line + "\n").toCharArray()) {
                if (quote == 0 && (c == '\'' || c == '"')) {
                    quote = c;
                } else if (c == quote) {
                    quote = 0;
                }
                if (quote == 0 && c == ';') {
                    statements.add(statement.toString().strip());
                    statement.setLength(0);
                } else {
                    statement.append(c);
                }
            }
        }
        assertThat(statement.toString()).isBlank();
        return statements;
    }
}
