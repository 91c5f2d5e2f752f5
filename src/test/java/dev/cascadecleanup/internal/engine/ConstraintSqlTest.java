package dev.cascadecleanup.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstraintSqlTest {

    private static final TableName USERS = new TableName("public", "users");
    private static final TableName ODD = new TableName("my \"schema\"", "a.b");

    @Test
    void defaultsAreLeftOut() {
        ForeignKeyDefinition plain = new ForeignKeyDefinition(
                List.of("user_id"),
                USERS,
                List.of("id"),
                MatchType.SIMPLE,
                ReferentialAction.NO_ACTION,
                List.of(),
                ReferentialAction.NO_ACTION,
                Deferrability.NOT_DEFERRABLE,
                true,
                true);
        assertThat(ConstraintSql.add("of_user", plain))
                .isEqualTo(
                        "ADD CONSTRAINT \"of_user\" FOREIGN KEY (\"user_id\") REFERENCES \"public\".\"users\" (\"id\")");
        assertThat(ConstraintSql.add("of_user", plain.withValidated(false)))
                .isEqualTo(ConstraintSql.add("of_user", plain));
    }

    @Test
    void everythingElseIsWrittenInTheOrderOfTheGrammar() {
        ForeignKeyDefinition all = new ForeignKeyDefinition(
                List.of("tenant", "user \"id\""),
                ODD,
                List.of("t", "Id"),
                MatchType.FULL,
                ReferentialAction.SET_NULL,
                List.of("user \"id\""),
                ReferentialAction.CASCADE,
                Deferrability.INITIALLY_DEFERRED,
                true,
                true);
        assertThat(ConstraintSql.add("of user", all))
                .isEqualTo(
                        "ADD CONSTRAINT \"of user\""
                                + " FOREIGN KEY (\"tenant\", \"user \"\"id\"\"\") REFERENCES \"my \"\"schema\"\"\".\"a.b\" (\"t\", \"Id\")"
                                + " MATCH FULL ON DELETE SET NULL (\"user \"\"id\"\"\") ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED");
    }

    @Test
    void clauses() {
        assertThat(ConstraintSql.alter(
                        USERS, ConstraintSql.drop("a"), ConstraintSql.rename("b", "c\""), ConstraintSql.validate("d")))
                .isEqualTo(
                        "ALTER TABLE \"public\".\"users\" DROP CONSTRAINT \"a\", RENAME CONSTRAINT \"b\" TO \"c\"\"\","
                                + " VALIDATE CONSTRAINT \"d\"");
    }

    @Test
    void commentsAreQuotedForEveryStringSetting() {
        assertThat(ConstraintSql.comment(USERS, "of_user", "it's C:\\temp"))
                .isEqualTo("COMMENT ON CONSTRAINT \"of_user\" ON \"public\".\"users\" IS E'it''s C:\\\\temp'");
    }
}
