package dev.cascadecleanup.proof.value;

import dev.cascadecleanup.proof.check.Facts;
import dev.cascadecleanup.proof.check.RegexSampler;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Values of a type that also fit what is known about the column, best first. */
public final class Values {

    private static final Set<String> NUMBERS =
            Set.of("int2", "int4", "int8", "numeric", "float4", "float8", "money", "oid");
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8", "oid");
    private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "name", "citext", "char");
    private static final Set<String> DATES = Set.of("date", "timestamp", "timestamptz");
    private static final int DATE_LENGTH = 10;
    private static final int LONGEST = 100_000;

    /** Values for a domain inside another type, where no fact about a column reaches. */
    private final Function<SqlType.Domain, List<String>> domains;

    /** Asks this function for values of domains. */
    public Values(Function<SqlType.Domain, List<String>> domains) {
        this.domains = domains;
    }

    /** Values of the type, the first of them distinct for every {@code n} if wanted and possible. */
    public List<String> of(SqlType type, long n, boolean distinct) {
        if (type instanceof SqlType.Scalar scalar) {
            return ScalarValues.of(scalar, n, distinct);
        }
        if (type instanceof SqlType.Enumeration enumeration) {
            return distinct ? rotated(enumeration.labels(), n) : enumeration.labels();
        }
        if (type instanceof SqlType.Domain domain) {
            return domains.apply(domain);
        }
        if (type instanceof SqlType.Array array) {
            List<String> elements = of(array.element(), n, distinct);
            return elements.isEmpty() ? List.of("{}")
                    : List.of('{' + quoted(elements.get(0)) + '}', "{}", arrayOf(elements, 2), arrayOf(elements, 3));
        }
        if (type instanceof SqlType.Composite composite) {
            StringBuilder text = new StringBuilder("(");
            for (SqlType field : composite.fields()) {
                List<String> values = of(field, n, distinct);
                text.append(text.length() > 1 ? "," : "").append(values.isEmpty() ? "" : quoted(values.get(0)));
            }
            return List.of(text.append(')').toString());
        }
        SqlType.Range range = (SqlType.Range) type;
        String text = Ranges.of(range.subtype(), n);
        return range.multiple() ? List.of('{' + text + '}', "{}") : List.of(text, "empty");
    }

    /** What a text column could hold if a trigger has its own idea of it; empty for other types, and for texts that are too long. */
    public List<String> flavours(SqlType type, long n) {
        if (!(type.plain() instanceof SqlType.Scalar scalar) || !TEXTS.contains(scalar.name())) {
            return List.of();
        }
        return Texts.flavours(n).stream().filter(text -> text.length() <= lengthOf(scalar)).toList();
    }

    /** Values of the type for which the facts hold as far as that can be told here. */
    public List<String> matching(SqlType type, Facts facts, long n, boolean distinct) {
        SqlType plain = type.plain();
        Collection<String> values = new LinkedHashSet<>();
        if (facts.allowed() != null) {
            values.addAll(rotated(List.copyOf(facts.allowed()), n));
        } else {
            boolean text = plain instanceof SqlType.Scalar scalar && TEXTS.contains(scalar.name());
            facts.patterns().forEach(pattern -> values.addAll(samples(pattern, facts, n)));
            facts.samples().stream().filter(sample -> mayBe(plain, sample)).forEach(values::add);
            if (plain instanceof SqlType.Scalar scalar) {
                values.addAll(within(scalar, facts, n));
            }
            if (facts.minLength() > 0) {
                values.addAll(ofLength(plain, Math.min(facts.minLength(), LONGEST), n, distinct));
            }
            List<String> ordinary = plain == type || type instanceof SqlType.Domain ? of(plain, n, distinct) : of(type, n, distinct);
            for (String value : ordinary) {
                values.add(text ? cased(fitted(value, plain, facts, n), facts) : value);
            }
        }
        facts.excluded().forEach(values::remove);
        return List.copyOf(values);
    }

    /** Values of a length that is not counted in characters: elements, bytes, bits. */
    private List<String> ofLength(SqlType type, int length, long n, boolean distinct) {
        if (type instanceof SqlType.Array array) {
            return List.of(arrayOf(of(array.element(), n, distinct), length));
        }
        String name = type instanceof SqlType.Scalar scalar ? scalar.name() : "";
        return switch (name) {
            case "bytea" -> {
                String hex = Long.toHexString(n);
                String digits = "0".repeat(Math.max(0, 2 * length - hex.length())) + hex;
                yield List.of("\\x" + digits.substring(digits.length() - 2 * length));
            }
            case "bit", "varbit" -> List.of("1".repeat(length));
            case "json", "jsonb" -> List.of('[' + String.join(", ", Collections.nCopies(length, "1")) + ']');
            default -> List.of();
        };
    }

    /** What the type, but no fact, restricts: a text's length. */
    private static String fitted(String value, SqlType type, Facts facts, long n) {
        int max = Math.min(facts.maxLength(), lengthOf(type));
        int min = Math.min(Math.min(facts.minLength(), max), LONGEST);
        if (value.isEmpty() && min > 0 || value.length() < min || value.length() > max) {
            return Texts.fit("proof-", n, min, Math.max(max, 0));
        }
        return value;
    }

    private static int lengthOf(SqlType type) {
        SqlType.Scalar scalar = (SqlType.Scalar) type;
        return scalar.modifier() >= 4 ? scalar.modifier() - 4 : scalar.name().equals("char") ? 1 : LONGEST;
    }

    private static String cased(String value, Facts facts) {
        return facts.upperCase() ? value.toUpperCase(Locale.ROOT) : facts.lowerCase() ? value.toLowerCase(Locale.ROOT) : value;
    }

    private static List<String> samples(String pattern, Facts facts, long n) {
        List<String> samples = new ArrayList<>();
        for (int repetitions : new int[] {6, 3, 1, 12, 0, 24, Math.min(facts.minLength(), 64)}) {
            for (long seed = n; seed < n + 2; seed++) {
                String sample = RegexSampler.sample(pattern, seed, repetitions);
                if (sample != null && sample.length() >= facts.minLength() && sample.length() <= facts.maxLength()) {
                    samples.add(cased(sample, facts));
                }
            }
        }
        return samples;
    }

    /** Whether the server will at least read the text as that type, so that one odd sample does not spoil a query. */
    private static boolean mayBe(SqlType type, String sample) {
        if (type instanceof SqlType.Scalar scalar) {
            if (NUMBERS.contains(scalar.name())) {
                return sample.matches(INTEGERS.contains(scalar.name()) ? "-?\\d{1,18}" : "-?\\d+(\\.\\d+)?");
            }
            if (DATES.contains(scalar.name())) {
                return sample.matches("\\d{4}-\\d\\d-\\d\\d.*");
            }
            return switch (scalar.name()) {
                case "bool" -> sample.equals("true") || sample.equals("false");
                case "json", "jsonb" -> sample.matches("(?s)[\\[{\"\\d-].*|true|false|null");
                case "uuid" -> sample.length() == 36;
                default -> true;
            };
        }
        if (type instanceof SqlType.Enumeration enumeration) {
            return enumeration.labels().contains(sample);
        }
        return sample.startsWith("{") || sample.startsWith("[") || sample.startsWith("(");
    }

    private static List<String> within(SqlType.Scalar type, Facts facts, long n) {
        if (facts.lower().isEmpty() && facts.upper().isEmpty()) {
            return List.of();
        }
        return NUMBERS.contains(type.name()) ? numbersWithin(type, facts, n)
                : DATES.contains(type.name()) ? datesWithin(facts) : boundsThemselves(facts);
    }

    private static List<String> numbersWithin(SqlType.Scalar type, Facts facts, long n) {
        boolean integer = INTEGERS.contains(type.name());
        BigDecimal step = integer ? BigDecimal.ONE : new BigDecimal("0.01");
        BigDecimal low = null;
        BigDecimal high = null;
        for (Facts.Bound bound : facts.lower()) {
            BigDecimal value = number(bound.text());
            value = value == null || bound.inclusive() ? value : value.add(step);
            low = low == null || value != null && value.compareTo(low) > 0 ? value : low;
        }
        for (Facts.Bound bound : facts.upper()) {
            BigDecimal value = number(bound.text());
            value = value == null || bound.inclusive() ? value : value.subtract(step);
            high = high == null || value != null && value.compareTo(high) < 0 ? value : high;
        }
        Set<BigDecimal> values = new LinkedHashSet<>();
        if (low != null) {
            BigDecimal room = high == null ? BigDecimal.valueOf(1000) : high.subtract(low);
            BigDecimal inside = low.add(BigDecimal.valueOf(Math.floorMod(n, Math.max(room.longValue(), 0) + 1)));
            values.add(inside);
            values.add(low);
            if (high != null) {
                values.add(low.add(high).divide(BigDecimal.valueOf(2), 2, RoundingMode.FLOOR));
            }
        }
        if (high != null) {
            values.add(low == null ? high.min(BigDecimal.ONE) : high);
            values.add(high);
        }
        return values.stream().map(value -> integer ? value.setScale(0, RoundingMode.FLOOR) : value)
                .map(BigDecimal::toPlainString).distinct().toList();
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static List<String> datesWithin(Facts facts) {
        List<String> dates = new ArrayList<>();
        facts.lower().forEach(bound -> addDates(dates, bound, 1));
        facts.upper().forEach(bound -> addDates(dates, bound, -1));
        return dates;
    }

    private static void addDates(List<String> dates, Facts.Bound bound, int inwards) {
        if (bound.inclusive()) {
            dates.add(bound.text());
        }
        try {
            LocalDate date = LocalDate.parse(bound.text().substring(0, Math.min(DATE_LENGTH, bound.text().length())));
            dates.add(date.plusDays(inwards).toString());
            dates.add(date.plusYears(inwards).toString());
        } catch (DateTimeParseException e) {
            // 'infinity' and the like: only the bound itself, if it is inside.
        }
    }

    private static List<String> boundsThemselves(Facts facts) {
        List<String> values = new ArrayList<>();
        facts.lower().forEach(bound -> values.add(bound.inclusive() ? bound.text() : bound.text() + "a"));
        facts.upper().stream().filter(Facts.Bound::inclusive).forEach(bound -> values.add(bound.text()));
        return values;
    }

    private static String arrayOf(List<String> elements, int size) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < Math.min(size, 1000) && !elements.isEmpty(); i++) {
            items.add(quoted(elements.get(i % elements.size())));
        }
        return '{' + String.join(",", items) + '}';
    }

    /** As an element of an array or a field of a row: always in quotes, which is always right. */
    private static String quoted(String element) {
        return '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static List<String> rotated(List<String> values, long n) {
        if (values.isEmpty()) {
            return values;
        }
        int first = (int) Math.floorMod(n, (long) values.size());
        List<String> rotated = new ArrayList<>(values.subList(first, values.size()));
        rotated.addAll(values.subList(0, first));
        return rotated;
    }
}
