package dev.cascadecleanup.internal.proof.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Texts of a wanted length that differ from number to number as long as the length allows. */
final class Texts {

    private static final int BASE = 36;
    private static final int LETTERS = 26;

    private Texts() {}

    /** Texts that functions over texts often expect: version, address, number, date, place on the web. */
    static List<String> flavours(long n) {
        return List.of(
                "1.0." + n,
                "proof" + n + "@example.org",
                "https://example.org/" + n,
                String.valueOf(n),
                "2024-01-15",
                "en",
                "{\"proof\": " + n + "}");
    }

    /** Texts of different kinds, for conditions that only the server understands: letters, digits, a mixture of everything. */
    static List<String> kinds(long n) {
        StringBuilder letters = new StringBuilder("p");
        for (long rest = Math.abs(n); rest > 0; rest /= LETTERS) {
            letters.append((char) ('a' + rest % LETTERS));
        }
        List<String> kinds = new ArrayList<>(
                List.of(letters.toString(), letters.toString().toUpperCase(Locale.ROOT), "Proof " + letters));
        kinds.addAll(flavours(n));
        kinds.add("a");
        return kinds;
    }

    /** The prefix and the number, shortened at the front or padded at the end. */
    static String fit(String prefix, long n, int minLength, int maxLength) {
        String number = Long.toString(Math.abs(n), BASE).toLowerCase(Locale.ROOT);
        String text = prefix + number;
        if (text.length() > maxLength) {
            text = number.length() > maxLength
                    ? number.substring(number.length() - maxLength)
                    : text.substring(text.length() - maxLength);
        }
        return text.length() >= minLength ? text : text + "x".repeat(minLength - text.length());
    }
}
