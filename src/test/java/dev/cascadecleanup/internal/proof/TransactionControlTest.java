package dev.cascadecleanup.internal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionControlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "select 1; rollback",
                "SET a = 'b;' ;\n End ;",
                "/* x */ abort",
                "-- note\nCOMMIT AND CHAIN",
                "prepare  transaction 'x'"
            })
    void isFound(String sql) {
        assertThat(TransactionControl.in(sql)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'a; COMMIT'",
                "-- ; COMMIT",
                "/* ;\nCOMMIT */ SELECT 1",
                "INSERT INTO \"x; commit\" VALUES (1)",
                "DO $$ BEGIN PERFORM 1; END $$",
                "DO $f$ BEGIN; COMMIT; END $f$",
                "UPDATE t SET \"end\" = 1",
                "SELECT committed FROM t",
                "SELECT CASE WHEN true THEN 1\nEND",
                "PREPARE q AS SELECT 1"
            })
    void isNotSeenWhereThereIsNone(String sql) {
        assertThat(TransactionControl.in(sql)).isEmpty();
    }
}
