package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.plan.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholderOptionsTest {

    private final List<Problem> problems = new ArrayList<>();

    /** A file, Spring Boot's environment variables, an environment variable as it is, and the Java API in its own style. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cascade_lock_timeout",
                "cascade.lock.timeout",
                "CASCADE_LOCK_TIMEOUT",
                "cascadeLockTimeout",
                "cascade-lock-timeout",
                "Cascade.Lock_Timeout"
            })
    void everySpellingOfTheFrontEnds(String name) {
        assertThat(read(Map.of(name, "700ms")).lockTimeout()).isEqualTo(Duration.ofMillis(700));
        assertThat(problems).isEmpty();
    }

    @Test
    void everyOption() {
        CascadeOptions options = read(Map.ofEntries(
                Map.entry("cascade_parent", "app.people, users"),
                Map.entry("cascade_scope", "closure"),
                Map.entry("cascade_closure", "notes.session_id=defer"),
                Map.entry("cascade_keep", "notes.of_user"),
                Map.entry("cascade_set_null", "notes.recorded_by"),
                Map.entry("cascade_indexes", "create"),
                Map.entry("cascade_self_references", "cascade"),
                Map.entry("cascade_validate", "false"),
                Map.entry("cascade_lock_timeout", "250ms"),
                Map.entry("cascade_max_wait", "1h"),
                Map.entry("cascade_guard", "warn"),
                Map.entry("cascade_unsupported", "skip")));
        assertThat(problems).isEmpty();
        assertThat(options)
                .isEqualTo(CascadeOptions.defaults().toBuilder()
                        .parent("app.people, users")
                        .scope(CascadeOptions.Scope.CLOSURE)
                        .closure("notes.session_id=defer")
                        .keep("notes.of_user")
                        .setNull("notes.recorded_by")
                        .indexes(CascadeOptions.IndexMode.CREATE)
                        .cascadeSelfReferences(true)
                        .validate(false)
                        .lockTimeout(Duration.ofMillis(250))
                        .maxWait(Duration.ofHours(1))
                        .guard(CascadeOptions.GuardMode.WARN)
                        .skipUnsupported(true)
                        .build());
    }

    @Test
    void noneLeavesTheDefaults() {
        assertThat(read(Map.of())).isEqualTo(CascadeOptions.defaults());
    }

    @Test
    void onePlaceholderWinsOverTheMigrationsOwnOptionAndLeavesTheOthers() {
        CascadeOptions own = CascadeOptions.defaults().toBuilder()
                .keep("notes.of_user")
                .validate(false)
                .build();
        CascadeOptions options = PlaceholderOptions.read(own, Map.of("cascade_validate", "TRUE"), problems);
        assertThat(options).isEqualTo(own.toBuilder().validate(true).build());
    }

    @Test
    void anEmptyListIsEmpty() {
        CascadeOptions own =
                CascadeOptions.defaults().toBuilder().keep("notes.of_user").build();
        assertThat(PlaceholderOptions.read(own, Map.of("cascade_keep", ""), problems)
                        .keep())
                .isEmpty();
    }

    @Test
    void twoSpellingsWithOneValueAreFine() {
        assertThat(read(Map.of("cascade_max_wait", "1m", "cascade.max.wait", "1m"))
                        .maxWait())
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(problems).isEmpty();
    }

    @Test
    void twoSpellingsWithDifferentValuesAreRefusedNamingBoth() {
        read(Map.of("cascade_max_wait", "1m", "cascade.max.wait", "2m"));
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("cascade_max_wait", "cascade.max.wait", "different values");
    }

    @ParameterizedTest
    @CsvSource({
        "cascade_lock_timout, cascade_lock_timeout",
        "cascade.kep, cascade_keep",
        "CASCADE_SETNUL, cascade_set_null",
        "cascade-parents, cascade_parent",
        "cascadeLockTimout, cascade_lock_timeout"
    })
    void unknownOnesAreRefusedWithTheNearest(String written, String meant) {
        read(Map.of(written, "x"));
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("there is no option " + written)
                .contains("Did you mean " + meant + "?");
    }

    @Test
    void unknownOnesFarFromAllAreRefusedWithTheList() {
        read(Map.of("cascade_colour_of_the_bikeshed", "green"));
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("Known are: cascade_parent, ")
                .doesNotContain("Did you mean");
    }

    @Test
    void othersPlaceholdersAreTheirs() {
        assertThat(read(Map.of("owner", "me", "cascading", "x", "my_cascade_keep", "y", "flyway:user", "z")))
                .isEqualTo(CascadeOptions.defaults());
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cascade_lock_timeout    | 1        | is not a duration
            cascade_lock_timeout    | 0ms      | is less than 1ms
            cascade_max_wait        | forever  | is not a duration
            cascade_validate        | yes      | is neither true nor false
            cascade_self_references | true     | is neither cascade nor keep
            cascade_unsupported     | ignore   | is neither skip nor fail
            cascade_scope           | all      | is none of direct, closure
            cascade_guard           | maybe    | is none of fail, warn, off
            cascade_keep            | notes    | is not table.constraint
            cascade_parent          | a.b.c    | is not table or schema.table
            cascade_closure         | a.b=no   | after '=' comes cascade, defer or cascade+defer
            """)
    void badValues(String name, String value, String reason) {
        read(Map.of(name, value));
        assertThat(problems).singleElement().asString().contains("the placeholder " + name + " cannot be read", reason);
    }

    @Test
    void allProblemsAreSaidAtOnce() {
        read(Map.of("cascade_lock_timeout", "1", "cascade_validate", "yes", "cascade_nothing", "x"));
        assertThat(problems).hasSize(3);
    }

    private CascadeOptions read(Map<String, String> placeholders) {
        return PlaceholderOptions.read(CascadeOptions.defaults(), placeholders, problems);
    }
}
