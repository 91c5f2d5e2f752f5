package dev.cascadecleanup.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlStatementTest {

    @Test
    void parametersTakeTheirPlaces() {
        assertThat(SqlStatement.of(
                                "UPDATE t SET a = ?, b = ?, c = ?, d = ? WHERE e = ?",
                                "it's ?",
                                7,
                                null,
                                List.of("x", "?"),
                                new SqlStatement.Expression("(SELECT '?')"))
                        .inlined())
                .isEqualTo(
                        "UPDATE t SET a = 'it''s ?', b = 7, c = NULL, d = ARRAY['x', '?']::text[] WHERE e = (SELECT '?')");
    }

    @Test
    void questionMarksOfNamesAndConstantsAreNone() {
        String table = Identifiers.quote("a?b\"?'") + '.' + Identifiers.quote("?");
        String constant = Identifiers.literal("back\\slash's ?\"");
        assertThat(SqlStatement.of("UPDATE " + table + " SET x = " + constant + " WHERE y = ?", "%s \\1 $1")
                        .inlined())
                .isEqualTo("UPDATE " + table + " SET x = " + constant + " WHERE y = E'%s \\\\1 $1'");
    }

    @Test
    void asManyParametersAsPlaces() {
        assertThatThrownBy(() -> SqlStatement.of("SELECT \"?\"", 1).inlined())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SqlStatement.of("SELECT ?").inlined()).isInstanceOf(RuntimeException.class);
    }
}
