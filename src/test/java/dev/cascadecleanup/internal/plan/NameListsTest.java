package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cascadecleanup.plan.ClosureRule;
import dev.cascadecleanup.plan.ForeignKeySelector;
import dev.cascadecleanup.plan.ParentName;
import dev.cascadecleanup.plan.SqlNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How options name tables, foreign keys and links: all three are read by {@link SqlNames}. */
class NameListsTest {

    @Test
    void parents() {
        assertThat(ParentName.parseList(" users ,app.people,\"App\".\"Odd, Table\" "))
                .extracting(ParentName::schema, ParentName::name, ParentName::text)
                .containsExactly(
                        tuple(null, "users", "users"),
                        tuple("app", "people", "app.people"),
                        tuple("App", "Odd, Table", "\"App\".\"Odd, Table\""));
    }

    @Test
    void foreignKeys() {
        assertThat(ForeignKeySelector.parseList("notes.of_user,\napp . notes . user_id, \"a.b\".\"say \"\"hi\"\"\""))
                .extracting(ForeignKeySelector::schema, ForeignKeySelector::table, ForeignKeySelector::member)
                .containsExactly(
                        tuple(null, "notes", "of_user"),
                        tuple("app", "notes", "user_id"),
                        tuple(null, "a.b", "say \"hi\""));
    }

    @Test
    void namesWithoutQuotesMayHoldBlanksAndOtherLetters() {
        assertThat(ForeignKeySelector.parseList("Große Tabelle.für wen"))
                .extracting(ForeignKeySelector::table, ForeignKeySelector::member)
                .containsExactly(tuple("Große Tabelle", "für wen"));
    }

    @Test
    void links() {
        assertThat(ClosureRule.parseList("notes.session_id, notes.other=cascade, app.notes.late = DEFER"))
                .extracting(rule -> rule.selector().member(), ClosureRule::policy)
                .containsExactly(
                        tuple("session_id", ClosureRule.Policy.CASCADE),
                        tuple("other", ClosureRule.Policy.CASCADE),
                        tuple("late", ClosureRule.Policy.DEFER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void blankTextNamesNothing(String blank) {
        assertThat(ForeignKeySelector.parseList(blank)).isEmpty();
        assertThat(ClosureRule.parseList(blank)).isEmpty();
        assertThatThrownBy(() -> ParentName.parseList(blank))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("names no table");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            a.b,            | ends with a comma
            a..b            | a name is missing at position 3
            ,a.b            | a name is missing at position 1
            a.b,,c.d        | a name is missing at position 5
            a."b            | the quote at position 3 is not closed
            a.""            | an empty name at position 3
            "a"b.c          | a comma or a dot is missing at position 4
            a               | 'a' is not table.constraint or table.column, with or without schema. in front
            a.b.c.d         | 'a.b.c.d' is not table.constraint or table.column, with or without schema. in front
            a.b=defer       | 'a.b' takes no '='
            """)
    void badForeignKeys(String text, String message) {
        assertThatThrownBy(() -> ForeignKeySelector.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c", "users=cascade"})
    void badParents(String text) {
        assertThatThrownBy(() -> ParentName.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("is not table or schema.table");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b=", "a.b=later"})
    void badLinks(String text) {
        assertThatThrownBy(() -> ClosureRule.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("after '=' comes cascade, defer or cascade+defer");
    }
}
