package dev.cascadecleanup.internal.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other people's queries go to a log that other people read: none of the values in them may. */
class QueryTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            SELECT 1                                    | SELECT ?
            SELECT * FROM t1 WHERE c2 = 42              | SELECT * FROM t1 WHERE c2 = ?
            SELECT 3.14, -7, 1e5                        | SELECT ?, -?, ?
            UPDATE t SET a = 'secret' WHERE b = 'x'     | UPDATE t SET a = ? WHERE b = ?
            SELECT 'it''s secret', 'b'                  | SELECT ?, ?
            SELECT E'it\\'s secret', 'secret'           | SELECT ?, ?
            SELECT date'2026-01-01'                     | SELECT date?
            SELECT B'101', x'secret', U&'secret'        | SELECT ?, ?, ?
            SELECT $$secret$$, $tag$ secret $ $tag$     | SELECT ?, ?
            SELECT 'cut off by the serv                 | SELECT ?
            SELECT $$cut off by the serv                | SELECT ?
            SELECT "Column 1", "a""2" FROM t            | SELECT "Column 1", "a""2" FROM t
            /* nightly */ SELECT a -- all of them       | SELECT a
            SELECT $1                                   | SELECT $1
            """)
    void valuesAreMasked(String query, String excerpt) {
        assertThat(QueryText.excerpt(query)).isEqualTo(excerpt);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT E'a\\'b secret'", "SELECT e'\\\\', 'secret'", "SELECT n'secret'", "SELECT 0xsecret",
                        "SELECT '\n secret'",
                "/* secret */ SELECT 1", "/* a /* b */ secret */ SELECT 1", "/* secret", "-- secret\nSELECT 1",
                        "SELECT 'a' 'secret'",
                "SELECT 'C:\\', 'secret'", "SELECT 'it\\'s secret'", "SELECT $a1$secret$a1$",
                        "SELECT $a$ $b$ secret $a$"
            })
    void noSecretSurvives(String query) {
        assertThat(QueryText.excerpt(query)).doesNotContain("secret");
    }

    @Test
    void aHugeQueryIsNoProblem() {
        assertThat(QueryText.excerpt("SELECT '" + "secret''".repeat(100_000) + "'"))
                .isEqualTo("SELECT ?");
        assertThat(QueryText.excerpt("/*" + "secret ".repeat(100_000) + "*/ SELECT 1"))
                .isEmpty();
    }

    @Test
    void blanksAreOneBlankAndLongTextIsCut() {
        assertThat(QueryText.excerpt("  SELECT\n\t a ,\n b  ")).isEqualTo("SELECT a , b");
        assertThat(QueryText.excerpt("x".repeat(81))).isEqualTo("x".repeat(80) + "...");
        assertThat(QueryText.excerpt("x".repeat(80))).isEqualTo("x".repeat(80));
    }
}
