package dev.cascadecleanup.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SqlErrorsTest {

    @Test
    void aLostPreparedStatementIsAPoolersDoing() {
        for (String state : new String[] {"26000", "42P05"}) {
            assertThat(SqlErrors.describe(new SQLException("prepared statement \"S_1\"", state)))
                    .startsWith("prepared statement \"S_1\". A pooler in transaction mode")
                    .contains("session mode");
        }
        assertThat(SqlErrors.describe(new SQLException("something else", "42P01")))
                .isEqualTo("something else");
        assertThat(SqlErrors.describe(new SQLException("without a state"))).isEqualTo("without a state");
    }
}
