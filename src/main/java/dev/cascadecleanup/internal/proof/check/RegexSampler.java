package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes a text that a regular expression matches: the common ground of POSIX ARE and RE2 (PostgreSQL manual, 9.7.3). Look-arounds
 * and back-references are read over, so a sample may miss; the server tells.
 */
public final class RegexSampler {

    private static final String WORD = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final int PRINTABLE_FROM = 33;
    private static final int PRINTABLE_TO = 126;
    private static final int UNBOUNDED = 64;
    /** Nested repetitions multiply: what is longer, deeper or more work than this is not understood. */
    private static final int LONGEST = 20_000;

    private static final int DEEPEST = 100;
    private static final int MOST_STEPS = 200_000;

    private final String pattern;
    private final Random random;
    private final int repetitions;
    private int position;
    private int depth;
    private int steps;

    private RegexSampler(String pattern, long seed, int repetitions) {
        this.pattern = pattern;
        this.random = new Random(seed);
        this.repetitions = repetitions;
    }

    /**
     * A text for the pattern, or null where the pattern is not understood, or would take a text that is too long.
     *
     * @param seed another seed gives another text, where the pattern leaves a choice
     * @param repetitions how often to repeat what may be repeated, within its limits
     */
    public static @Nullable String sample(String pattern, long seed, int repetitions) {
        RegexSampler sampler = new RegexSampler(stripDirector(pattern), seed, repetitions);
        try {
            String text = sampler.alternatives();
            return sampler.position == sampler.pattern.length() ? text : null;
        } catch (StringIndexOutOfBoundsException | NumberFormatException | TooMuchException e) {
            return null;
        }
    }

    /** Too long, too deep, or too much work. */
    private static final class TooMuchException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** {@code ***:} and {@code (?i)} at the beginning. */
    private static String stripDirector(String pattern) {
        return pattern.replaceFirst("^(\\*\\*\\*[:=])?(\\(\\?[a-z]+\\))?", "");
    }

    private String alternatives() {
        limit(++depth > DEEPEST);
        List<String> alternatives = new ArrayList<>(List.of(sequence()));
        while (position < pattern.length() && pattern.charAt(position) == '|') {
            position++;
            alternatives.add(sequence());
        }
        depth--;
        return alternatives.get(random.nextInt(alternatives.size()));
    }

    private String sequence() {
        StringBuilder text = new StringBuilder();
        while (position < pattern.length() && "|)".indexOf(pattern.charAt(position)) < 0) {
            int start = position;
            String once = atom();
            int[] range = quantifier();
            int times = Math.max(range[0], Math.min(range[1], repetitions));
            int end = position;
            text.append(times > 0 ? once : "");
            for (int i = 1; i < times; i++) {
                position = start;
                text.append(atom());
                limit(text.length() > LONGEST);
            }
            limit(text.length() > LONGEST);
            position = end;
        }
        return text.toString();
    }

    private static void limit(boolean reached) {
        if (reached) {
            throw new TooMuchException();
        }
    }

    private String atom() {
        limit(++steps > MOST_STEPS);
        char c = pattern.charAt(position++);
        return switch (c) {
            case '^', '$' -> "";
            case '.' -> pick(WORD);
            case '[' -> pick(bracket());
            case '(' -> group();
            case '\\' -> escape();
            default -> String.valueOf(c);
        };
    }

    private String group() {
        boolean silent = false;
        if (pattern.startsWith("?:", position)) {
            position += 2;
        } else if (pattern.startsWith("?=", position) || pattern.startsWith("?!", position)) {
            position += 2;
            silent = true;
        } else if (pattern.startsWith("?<=", position) || pattern.startsWith("?<!", position)) {
            position += 3;
            silent = true;
        }
        String text = alternatives();
        position++;
        return silent ? "" : text;
    }

    private String escape() {
        char c = pattern.charAt(position++);
        return switch (c) {
            case 'd' -> pick(DIGITS);
            case 'w' -> pick(WORD);
            case 's' -> " ";
            case 'D', 'S' -> pick(LETTERS);
            case 'W' -> "-";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'A', 'Z', 'm', 'M', 'y', 'Y', 'b', 'B' -> "";
            default -> String.valueOf(c);
        };
    }

    private int[] quantifier() {
        if (position >= pattern.length()) {
            return new int[] {1, 1};
        }
        int[] range = switch (pattern.charAt(position)) {
            case '*' -> new int[] {0, UNBOUNDED};
            case '+' -> new int[] {1, UNBOUNDED};
            case '?' -> new int[] {0, 1};
            case '{' -> null;
            default -> new int[] {1, 1};
        };
        if (range == null) {
            int end = pattern.indexOf('}', position);
            String[] limits = pattern.substring(position + 1, end).split(",", -1);
            int low = limits[0].isEmpty() ? 0 : Integer.parseInt(limits[0]);
            int high = limits.length == 1 ? low : limits[1].isEmpty() ? UNBOUNDED : Integer.parseInt(limits[1]);
            range = new int[] {low, high};
            position = end + 1;
        } else if (range[0] != 1 || range[1] != 1) {
            position++;
        } else {
            return range;
        }
        if (position < pattern.length() && pattern.charAt(position) == '?') {
            position++;
        }
        return range;
    }

    /** The characters that a bracket expression stands for, letters and digits first. */
    private String bracket() {
        boolean negated = pattern.charAt(position) == '^';
        if (negated) {
            position++;
        }
        Set<Character> members = new TreeSet<>();
        boolean first = true;
        while (first || pattern.charAt(position) != ']') {
            first = false;
            if (pattern.startsWith("[:", position)) {
                int end = pattern.indexOf(":]", position);
                addAll(members, characterClass(pattern.substring(position + 2, end)));
                position = end + 2;
                continue;
            }
            char c = pattern.charAt(position++);
            if (c == '\\') {
                char escaped = pattern.charAt(position++);
                switch (escaped) {
                    case 'd' -> addAll(members, DIGITS);
                    case 'w' -> addAll(members, WORD + '_');
                    case 's' -> members.add(' ');
                    default -> c = escaped;
                }
                if ("dws".indexOf(escaped) >= 0) {
                    continue;
                }
            }
            if (pattern.charAt(position) == '-' && pattern.charAt(position + 1) != ']') {
                char to = pattern.charAt(position + 1) == '\\'
                        ? pattern.charAt(position + 2)
                        : pattern.charAt(position + 1);
                position += pattern.charAt(position + 1) == '\\' ? 3 : 2;
                for (char member = c; member <= to && member <= PRINTABLE_TO; member++) {
                    members.add(member);
                }
            } else {
                members.add(c);
            }
        }
        position++;
        return preferred(members, negated);
    }

    private static String preferred(Set<Character> members, boolean negated) {
        StringBuilder plain = new StringBuilder();
        StringBuilder other = new StringBuilder();
        if (negated) {
            for (char c = PRINTABLE_FROM; c <= PRINTABLE_TO; c++) {
                if (!members.contains(c)) {
                    (WORD.indexOf(c) >= 0 ? plain : other).append(c);
                }
            }
        } else {
            members.forEach(c -> (Character.isLetterOrDigit(c) ? plain : other).append(c));
        }
        return plain.isEmpty() ? other.toString() : plain.toString();
    }

    private static String characterClass(String name) {
        return switch (name) {
            case "digit" -> DIGITS;
            case "alpha", "lower" -> LETTERS;
            case "upper" -> LETTERS.toUpperCase(Locale.ROOT);
            case "xdigit" -> DIGITS + "abcdef";
            case "space", "blank" -> " ";
            case "punct" -> "-.";
            default -> WORD;
        };
    }

    private static void addAll(Set<Character> members, String characters) {
        characters.chars().forEach(c -> members.add((char) c));
    }

    private String pick(String characters) {
        return characters.isEmpty() ? "" : String.valueOf(characters.charAt(random.nextInt(characters.length())));
    }
}
