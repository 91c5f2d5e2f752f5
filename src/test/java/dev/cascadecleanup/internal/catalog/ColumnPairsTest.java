package dev.cascadecleanup.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions as CockroachDB v22.1 prints them. */
class ColumnPairsTest {

    @Test
    void plainNames() {
        assertThat(ColumnPairs.parse("FOREIGN KEY (user_ref) REFERENCES users(id)"))
                .contains(new ColumnPairs(List.of("user_ref"), List.of("id")));
    }

    @Test
    void severalColumnsAndClauses() {
        assertThat(
                        ColumnPairs.parse(
                                "FOREIGN KEY (x, y) REFERENCES app.\"Te st\"(sel, \"select\") MATCH FULL ON DELETE SET NULL NOT VALID"))
                .contains(new ColumnPairs(List.of("x", "y"), List.of("sel", "select")));
    }

    @Test
    void namesThatNeedQuotes() {
        assertThat(
                        ColumnPairs.parse(
                                "FOREIGN KEY (\"a\"\"b\", \"REFERENCES x(\", ключ, \", \") REFERENCES d.\"s.(\".\"t\"\"(\"(\"(\", \")\", c, \"\n\")"))
                .contains(
                        new ColumnPairs(List.of("a\"b", "REFERENCES x(", "ключ", ", "), List.of("(", ")", "c", "\n")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "CHECK ((a > 0))",
                "FOREIGN KEY () REFERENCES users(id)",
                "FOREIGN KEY (a REFERENCES users(id)",
                "FOREIGN KEY (\"a) REFERENCES users(id)",
                "FOREIGN KEY (a) REFERENCES (id)",
                "FOREIGN KEY (a, b) REFERENCES users(id)",
                "FOREIGN KEY (a) REFERENCES users(id"
            })
    void whatIsNoForeignKeyIsNotGuessed(String text) {
        assertThat(ColumnPairs.parse(text)).isEmpty();
    }

    @Test
    void noTextIsNoForeignKey() {
        assertThat(ColumnPairs.parse(null)).isEmpty();
    }
}
