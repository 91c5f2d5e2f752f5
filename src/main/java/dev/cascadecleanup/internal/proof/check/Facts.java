package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one column's value must look like so that one branch of a condition holds. All of it together, as far as understood. */
public final class Facts {

    /** Nothing is known: anything goes. */
    public static final Facts NONE = new Facts();

    /**
     * An end of a range.
     *
     * @param text the constant
     * @param inclusive whether it is itself in the range
     */
    public record Bound(String text, boolean inclusive) {}

    /**
     * A place in a chain such as {@code a < b AND b < c}.
     *
     * @param below how many columns at least are smaller
     * @param above how many columns at least are greater
     */
    public record Order(int below, int above) {}

    private @Nullable Boolean mustBeNull;
    private @Nullable Set<String> allowed;
    private final Set<String> excluded = new LinkedHashSet<>();
    private final List<Bound> lower = new ArrayList<>();
    private final List<Bound> upper = new ArrayList<>();
    private int minLength;
    private int maxLength = Integer.MAX_VALUE;
    private final List<String> patterns = new ArrayList<>();
    private final Set<String> samples = new LinkedHashSet<>();
    private boolean lowerCase;
    private boolean upperCase;
    private boolean related;
    private final Map<String, String> members = new LinkedHashMap<>();
    private @Nullable Expression equation;
    private @Nullable Order order;

    /** TRUE if it has to be NULL, FALSE if it must not be, null if either goes. */
    public @Nullable Boolean mustBeNull() {
        return mustBeNull;
    }

    /** The only values that go, or null. */
    public @Nullable Set<String> allowed() {
        return allowed;
    }

    public Set<String> excluded() {
        return excluded;
    }

    public List<Bound> lower() {
        return lower;
    }

    public List<Bound> upper() {
        return upper;
    }

    /** In characters, bits or elements, whichever the type has. */
    public int minLength() {
        return minLength;
    }

    public int maxLength() {
        return maxLength;
    }

    /** Regular expressions to match, LIKE patterns among them in that form. */
    public List<String> patterns() {
        return patterns;
    }

    /** Values that may well do, in the type's input syntax, though that is not certain. */
    public Set<String> samples() {
        return samples;
    }

    public boolean lowerCase() {
        return lowerCase;
    }

    public boolean upperCase() {
        return upperCase;
    }

    /** The keys that a JSON object or another map must have, with their values in JSON. */
    public Map<String, String> members() {
        return members;
    }

    /** What the column equals, in terms of other columns; null if nothing is known. */
    public @Nullable Expression equation() {
        return equation;
    }

    /** Where it stands among columns that are compared with each other; null if it is not. */
    public @Nullable Order order() {
        return order;
    }

    /** Whether it stands in a condition that only the server can judge, so that values of many kinds are worth a try. */
    public boolean related() {
        return related;
    }

    void setNull(boolean mustBe) {
        mustBeNull = mustBe;
    }

    void allow(Collection<String> values) {
        Set<String> now = new LinkedHashSet<>(values);
        if (allowed != null) {
            now.retainAll(allowed);
        }
        allowed = now;
    }

    void exclude(Collection<String> values) {
        excluded.addAll(values);
    }

    void atLeast(String text, boolean inclusive) {
        lower.add(new Bound(text, inclusive));
    }

    void atMost(String text, boolean inclusive) {
        upper.add(new Bound(text, inclusive));
    }

    void lengthAtLeast(int length) {
        minLength = Math.max(minLength, length);
    }

    void lengthAtMost(int length) {
        maxLength = Math.min(maxLength, length);
    }

    void match(String regularExpression) {
        patterns.add(regularExpression);
    }

    void sample(String text) {
        samples.add(text);
    }

    void toLowerCase() {
        lowerCase = true;
    }

    void toUpperCase() {
        upperCase = true;
    }

    void relate() {
        related = true;
    }

    void member(String key, String json) {
        members.put(key, json);
    }

    void equal(Expression expression) {
        equation = expression;
    }

    void order(Order place) {
        order = place;
    }
}
