package dev.cascadecleanup.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            users           | "users"
            Users           | "Users"
            select          | "select"
            a.b             | "a.b"
            say "hi"        | "say ""hi""\"
            "; DROP TABLE x | \"""; DROP TABLE x"
            größe           | "größe"
            back\\slash     | "back\\slash"
            """)
    void quoted(String name, String quoted) {
        assertThat(Identifiers.quote(name)).isEqualTo(quoted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b"})
    void noServerStoresThese(String name) {
        assertThatThrownBy(() -> Identifiers.quote(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lists() {
        assertThat(Identifiers.quoteAll(List.of("a", "B c"))).isEqualTo("\"a\", \"B c\"");
        assertThat(Identifiers.displayAll(List.of("a", "B c"))).isEqualTo("a, \"B c\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            plain           | 'plain'
            it's            | 'it''s'
            C:\\temp        | E'C:\\\\temp'
            \\'; DROP       | E'\\\\''; DROP'
            """)
    void literals(String text, String literal) {
        assertThat(Identifiers.literal(text)).isEqualTo(literal);
    }

    @Test
    void aLiteralCannotHoldANul() {
        assertThatThrownBy(() -> Identifiers.literal("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            users     | users
            _a1       | _a1
            1a        | "1a"
            Users     | "Users"
            a b       | "a b"
            a"b       | "a""b"
            """)
    void displayedAsAPersonWouldWriteThem(String name, String displayed) {
        assertThat(Identifiers.display(name)).isEqualTo(displayed);
    }

    /** A name must not be able to fake a line of the log. */
    @Test
    void displayedOnOneLine() {
        assertThat(Identifiers.display("a\nERROR b\r")).isEqualTo("\"a\\nERROR b\\r\"");
    }
}
