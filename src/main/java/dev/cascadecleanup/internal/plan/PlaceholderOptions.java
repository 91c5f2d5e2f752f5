package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.plan.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads options from Flyway placeholders. Front ends change the spelling of a name on its way (an environment variable arrives
 * in capitals, in Spring Boot with dots), so names are compared without case and without {@code . - _}.
 */
public final class PlaceholderOptions {

    private static final Pattern SEPARATORS = Pattern.compile("[._-]");
    /** {@code cascade_x}, {@code CASCADE.X}, {@code cascadeX}; not {@code cascading}. */
    private static final Pattern OURS = Pattern.compile("(?i:cascade)[._-].*|cascade[A-Z].*", Pattern.DOTALL);

    /** What each placeholder does, by its documented name. */
    private static final Map<String, BiConsumer<CascadeOptions.Builder, String>> SETTERS = setters();

    private final List<Problem> problems = new ArrayList<>();

    private PlaceholderOptions() {}

    /** The documented names, in their order. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(SETTERS.keySet());
    }

    /**
     * The options with those that the placeholders set.
     *
     * @param defaults what holds where no placeholder says otherwise
     * @param placeholders all of Flyway's placeholders; those that are not ours are passed over
     * @param problems takes every placeholder that cannot be understood
     */
    public static CascadeOptions read(
            CascadeOptions defaults, Map<String, String> placeholders, List<Problem> problems) {
        PlaceholderOptions reader = new PlaceholderOptions();
        CascadeOptions options = reader.read(defaults, new TreeMap<>(placeholders));
        problems.addAll(reader.problems);
        return options;
    }

    private CascadeOptions read(CascadeOptions defaults, Map<String, String> placeholders) {
        Map<String, String> documented = new LinkedHashMap<>();
        SETTERS.keySet().forEach(name -> documented.put(normalize(name), name));

        CascadeOptions.Builder options = defaults.toBuilder();
        Map<String, String> spellings = new LinkedHashMap<>();
        placeholders.forEach((spelling, value) -> {
            String name = documented.get(normalize(spelling));
            if (name == null) {
                refuseIfOurs(spelling);
                return;
            }
            String earlier = spellings.putIfAbsent(name, spelling);
            if (earlier == null) {
                apply(options, name, spelling, value);
            } else if (!Objects.equals(placeholders.get(earlier), value)) {
                problems.add(new Problem(
                        "the placeholders " + earlier + " and " + spelling + " both set " + name
                                + ", to different values",
                        "Keep one of them"));
            }
        });
        return options.build();
    }

    private void apply(CascadeOptions.Builder options, String name, String spelling, @Nullable String value) {
        try {
            Objects.requireNonNull(SETTERS.get(name)).accept(options, value == null ? "" : value);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    "the placeholder " + spelling + " cannot be read: " + e.getMessage(), "Correct its value"));
        }
    }

    private void refuseIfOurs(String spelling) {
        if (OURS.matcher(spelling).matches()) {
            String known = Suggestions.nearest(spelling.replaceAll("[.-]", "_"), SETTERS.keySet())
                    .map(name -> "Did you mean " + name + "? The others are: ")
                    .orElse("Known are: ");
            problems.add(new Problem("there is no option " + spelling, known + String.join(", ", SETTERS.keySet())));
        }
    }

    private static String normalize(String name) {
        return SEPARATORS.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private static Map<String, BiConsumer<CascadeOptions.Builder, String>> setters() {
        Map<String, BiConsumer<CascadeOptions.Builder, String>> setters = new LinkedHashMap<>();
        setters.put("cascade_parent", CascadeOptions.Builder::parent);
        setters.put("cascade_scope", (options, value) -> options.scope(oneOf(CascadeOptions.Scope.class, value)));
        setters.put("cascade_closure", CascadeOptions.Builder::closure);
        setters.put("cascade_keep", CascadeOptions.Builder::keep);
        setters.put("cascade_set_null", CascadeOptions.Builder::setNull);
        setters.put("cascade_accept", CascadeOptions.Builder::accept);
        setters.put("cascade_unlock_tables", (options, value) -> options.unlockTables(choice(value, "true", "false")));
        setters.put("cascade_keep_set_null", (options, value) -> options.keepSetNull(choice(value, "true", "false")));
        setters.put(
                "cascade_indexes", (options, value) -> options.indexes(oneOf(CascadeOptions.IndexMode.class, value)));
        setters.put(
                "cascade_self_references",
                (options, value) -> options.cascadeSelfReferences(choice(value, "cascade", "keep")));
        setters.put("cascade_validate", (options, value) -> options.validate(choice(value, "true", "false")));
        setters.put("cascade_lock_timeout", (options, value) -> options.lockTimeout(atLeastOneMilli(value)));
        setters.put("cascade_max_wait", (options, value) -> options.maxWait(atLeastOneMilli(value)));
        setters.put("cascade_guard", (options, value) -> options.guard(oneOf(CascadeOptions.GuardMode.class, value)));
        setters.put("cascade_unsupported", (options, value) -> options.skipUnsupported(choice(value, "skip", "fail")));
        return setters;
    }

    private static java.time.Duration atLeastOneMilli(String value) {
        java.time.Duration duration = Durations.parse(value);
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException("'" + value + "' is less than 1ms");
        }
        return duration;
    }

    private static boolean choice(String value, String yes, String no) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        if (word.equals(yes)) {
            return true;
        }
        if (word.equals(no)) {
            return false;
        }
        throw new IllegalArgumentException("'" + value + "' is neither " + yes + " nor " + no);
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, String value) {
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String word = constant.name().toLowerCase(Locale.ROOT);
            if (word.equals(value.strip().toLowerCase(Locale.ROOT))) {
                return constant;
            }
            words.add(word);
        }
        throw new IllegalArgumentException("'" + value + "' is none of " + String.join(", ", words));
    }
}
