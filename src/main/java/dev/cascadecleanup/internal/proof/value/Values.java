package dev.cascadecleanup.internal.proof.value;

import dev.cascadecleanup.internal.proof.check.Facts;
import dev.cascadecleanup.internal.proof.check.RegexSampler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values of a type that also fit what is known about the column, best first. */
public final class Values {

    private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "name", "citext", "char");
    private static final int LONGEST = 100_000;
    private static final int MOST_PATTERNS = 24;

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
            return elements.isEmpty()
                    ? List.of("{}")
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
        return Texts.flavours(n).stream()
                .filter(text -> text.length() <= lengthOf(scalar))
                .toList();
    }

    /** Values of the type for which the facts hold as far as that can be told here. */
    public List<String> matching(SqlType type, Facts facts, long n, boolean distinct) {
        SqlType plain = type.plain();
        Collection<String> values = new LinkedHashSet<>();
        if (facts.allowed() != null) {
            values.addAll(rotated(List.copyOf(facts.allowed()), n));
        } else {
            boolean text = plain instanceof SqlType.Scalar scalar && TEXTS.contains(scalar.name());
            if (!facts.members().isEmpty()) {
                values.add(mapping(plain, facts));
            }
            List<String> patterns =
                    facts.patterns().stream().limit(MOST_PATTERNS).toList();
            joined(patterns).forEach(pattern -> values.addAll(samples(pattern, facts, n)));
            patterns.forEach(pattern -> values.addAll(samples(pattern, facts, n)));
            facts.samples().stream().filter(sample -> mayBe(plain, sample)).forEach(values::add);
            if (plain instanceof SqlType.Scalar scalar) {
                values.addAll(new Bounded(scalar, facts, n, distinct).values());
            }
            if (facts.minLength() > 0) {
                values.addAll(ofLength(plain, Math.min(facts.minLength(), LONGEST), n, distinct));
            }
            List<String> ordinary =
                    plain == type || type instanceof SqlType.Domain ? of(plain, n, distinct) : of(type, n, distinct);
            for (String value : ordinary) {
                values.add(text ? cased(fitted(value, plain, facts, n), facts) : value);
            }
            if (text && facts.related()) {
                int max = Math.min(facts.maxLength(), lengthOf(plain));
                Texts.kinds(n).stream()
                        .filter(value -> value.length() >= facts.minLength() && value.length() <= max)
                        .forEach(values::add);
            }
        }
        facts.excluded().forEach(values::remove);
        return List.copyOf(values);
    }

    /** An object with the wanted keys, as JSON or in the syntax of hstore. */
    private static String mapping(SqlType type, Facts facts) {
        boolean hstore = type instanceof SqlType.Scalar scalar && scalar.name().equals("hstore");
        return facts.members().entrySet().stream()
                .map(member -> quoted(member.getKey()) + (hstore ? "=>\"1\"" : ": " + member.getValue()))
                .collect(Collectors.joining(", ", hstore ? "" : "{", hstore ? "" : "}"));
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
        if ((value.isEmpty() && min > 0) || value.length() < min || value.length() > max) {
            return Texts.fit("proof-", n, min, Math.max(max, 0));
        }
        return value;
    }

    private static int lengthOf(SqlType type) {
        SqlType.Scalar scalar = (SqlType.Scalar) type;
        return scalar.modifier() >= 4 ? scalar.modifier() - 4 : scalar.name().equals("char") ? 1 : LONGEST;
    }

    private static String cased(String value, Facts facts) {
        return facts.upperCase()
                ? value.toUpperCase(Locale.ROOT)
                : facts.lowerCase() ? value.toLowerCase(Locale.ROOT) : value;
    }

    /** One pattern for {@code a%} and {@code %b} together. */
    private static List<String> joined(List<String> patterns) {
        List<String> joined = new ArrayList<>();
        for (String beginning : patterns) {
            for (String end : patterns) {
                if (beginning.matches("(?s).*\\.\\*\\$?")
                        && end.matches("(?s)\\^?\\.\\*.*")
                        && !beginning.equals(end)) {
                    joined.add(beginning.replaceFirst("\\$$", "") + end.replaceFirst("^\\^?\\.\\*", ""));
                }
            }
        }
        return joined;
    }

    private static List<String> samples(String pattern, Facts facts, long n) {
        List<String> samples = new ArrayList<>();
        String shortest = RegexSampler.sample(pattern, n, 0);
        int missing = shortest == null ? 0 : facts.minLength() - shortest.length();
        for (int repetitions : new int[] {6, 3, 1, 12, 0, 24, Math.min(facts.minLength(), 64), Math.max(missing, 0)}) {
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
            if (Bounded.NUMBERS.contains(scalar.name())) {
                return sample.matches(Bounded.INTEGERS.contains(scalar.name()) ? "-?\\d{1,18}" : "-?\\d+(\\.\\d+)?");
            }
            if (Bounded.DATES.contains(scalar.name())) {
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
