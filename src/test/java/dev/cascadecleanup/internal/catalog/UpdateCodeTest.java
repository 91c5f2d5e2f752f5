package dev.cascadecleanup.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies as they are found in the wild, and their neighbours that can refuse or undo something. */
class UpdateCodeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN NEW.updated_at = now(); RETURN NEW; END;",
                "\nBEGIN\n    NEW.updated_at := CURRENT_TIMESTAMP;\n    RETURN NEW;\nEND;\n",
                "begin\n  new.updated_at = now();\n  return new;\nend",
                "BEGIN -- touch\n NEW.\"updated_at\" = clock_timestamp(); /* and\n that */ RETURN NEW; END",
                "BEGIN NEW.updated_at := timezone('utc'::text, now()); RETURN NEW; END",
                "BEGIN NEW.updated_at = (now() at time zone 'utc'); RETURN NEW; END",
                "BEGIN NEW.updated_at = pg_catalog.now() AT TIME ZONE 'UTC'; RETURN NEW; END",
                "BEGIN NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW; END",
                "BEGIN NEW.version = NEW.version + 1; RETURN NEW; END",
                "BEGIN NEW.created_at := OLD.created_at; NEW.updated_at := transaction_timestamp(); RETURN NEW; END",
                // Hasura
                "DECLARE\n  _new record;\nBEGIN\n  _new := NEW;\n  _new.\"updated_at\" = NOW();\n  RETURN _new;\nEND;",
                // Diesel
                "BEGIN\n    IF (\n        NEW IS DISTINCT FROM OLD AND\n        NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at\n    ) THEN\n"
                        + "        NEW.updated_at := current_timestamp;\n    END IF;\n    RETURN NEW;\nEND;",
                "BEGIN IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN NEW.updated_at = now(); END IF; RETURN NEW; END",
                "BEGIN IF TG_OP = 'UPDATE' THEN NEW.updated_at = now(); END IF; RETURN NEW; END"
            })
    void isUnderstood(String body) {
        assertThat(UpdateCode.ofFunction(body)).as(body).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "BEGIN RETURN NULL; END",
                // A comment ends with either end of a line.
                "BEGIN NEW.updated_at = now(); -- touch\r NEW.user_id := 1/0;\n RETURN NEW; END",
                "BEGIN RETURN OLD; END",
                "BEGIN NEW.updated_at = now(); RETURN OLD; END",
                "BEGIN NEW.updated_at = now(); END",
                "BEGIN NEW.updated_at = now(); RETURN NULL; END",
                "BEGIN NEW.updated_at = now(); RETURN NEW; RAISE EXCEPTION 'x'; END",
                "BEGIN RAISE EXCEPTION 'no'; RETURN NEW; END",
                "BEGIN PERFORM pg_notify('x', 'y'); RETURN NEW; END",
                "BEGIN NEW := OLD; RETURN NEW; END",
                "BEGIN OLD.a := now(); RETURN NEW; END",
                "BEGIN NEW.a := OLD.b; RETURN NEW; END",
                "BEGIN NEW.a := OLD.a - 1; RETURN NEW; END",
                "BEGIN NEW.a := OLD.a + 1000000000; RETURN NEW; END",
                "BEGIN NEW.a := other.now(); RETURN NEW; END",
                "BEGIN NEW.a := \"now\"(); RETURN NEW; END",
                "BEGIN NEW.a := now() AT TIME ZONE 'Nowhere/None'; RETURN NEW; END",
                "BEGIN NEW.a := 1 / 0; RETURN NEW; END",
                "BEGIN NEW.a := $x$ ; $x$; RETURN NEW; END",
                "BEGIN NEW.a := now(); EXCEPTION WHEN others THEN RETURN NULL; END",
                "BEGIN IF NEW.user_id IS NULL THEN RETURN OLD; END IF; RETURN NEW; END",
                "BEGIN IF NEW IS DISTINCT FROM OLD THEN NEW.a = now(); RETURN NEW; ELSE RETURN OLD; END IF; END",
                "BEGIN IF f(NEW.a) THEN NEW.a = now(); END IF; RETURN NEW; END",
                "DECLARE n record; BEGIN n := OLD; n.a := now(); RETURN n; END",
                "DECLARE n record; BEGIN n := NEW; n.a := now(); RETURN NEW; END",
                "DECLARE new record; BEGIN new := new; new.a := now(); RETURN new; END",
                "<<l>> BEGIN NEW.a := now(); RETURN NEW; END l",
                "BEGIN NEW.a := now() /* /* nested */ */; RETURN NEW; END"
            })
    void isNotUnderstood(String body) {
        assertThat(UpdateCode.ofFunction(body)).as(body).isEmpty();
    }

    /** A body may have any length, and what is in it need not be PL/pgSQL. */
    @Test
    void aLongNameIsNotUnderstoodAndNothingElseHappens() {
        String name = "\"" + "a".repeat(50_000) + "\"";
        assertThat(UpdateCode.ofFunction("BEGIN EXECUTE $x$" + name + "$x$; RETURN NEW; END"))
                .isEmpty();
    }

    @Test
    void saysWhatItTouches() {
        UpdateCode code = UpdateCode.ofFunction("BEGIN IF NEW.\"A b\" <> OLD.\"A b\" THEN NEW.at := now(); END IF;"
                        + " NEW.n := OLD.n + 1; NEW.\"Born\" := OLD.\"Born\"; RETURN NEW; END")
                .orElseThrow();
        assertThat(code.timed()).isEqualTo(Set.of("at"));
        assertThat(code.counted()).isEqualTo(Set.of("n"));
        assertThat(code.restored()).isEqualTo(Set.of("Born"));
        assertThat(code.compared()).isEqualTo(Set.of("A b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(old.* IS DISTINCT FROM new.*)",
                "((old.a IS DISTINCT FROM new.a) OR (old.b IS DISTINCT FROM new.b))",
                "(pg_trigger_depth() = 0)",
                "((pg_trigger_depth() < 1) AND (old.* <> new.*))"
            })
    void conditionIsUnderstood(String condition) {
        assertThat(UpdateCode.ofCondition(condition)).as(condition).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "(f(new.a))", "((1 / new.a) = 1)", "(new.a IS NULL)", "(old.a = new.b)", "(old.* = new.*"})
    void conditionIsNotUnderstood(String condition) {
        assertThat(UpdateCode.ofCondition(condition)).as(condition).isEmpty();
    }
}
