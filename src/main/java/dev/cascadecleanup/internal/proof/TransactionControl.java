package dev.cascadecleanup.internal.proof;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a statement in SQL text that would end the transaction it runs in (PostgreSQL manual, COMMIT, ROLLBACK, PREPARE TRANSACTION). */
final class TransactionControl {

    /** Comments, dollar-quoted bodies, strings and quoted names: none of them begins a statement. */
    private static final Pattern OPAQUE =
            Pattern.compile("--[^\\n]*|/\\*.*?\\*/|\\$(\\w*)\\$.*?\\$\\1\\$|'[^']*'|\"[^\"]*\"", Pattern.DOTALL);

    private static final Pattern ENDING = Pattern.compile(
            "(?:^|;)\\s*(commit|end|rollback|abort|prepare\\s+transaction)\\b", Pattern.CASE_INSENSITIVE);

    private TransactionControl() {}

    /** The first word of it, in capitals. */
    static Optional<String> in(String sql) {
        Matcher matcher = ENDING.matcher(OPAQUE.matcher(sql).replaceAll(" "));
        return matcher.find() ? Optional.of(matcher.group(1).toUpperCase(Locale.ROOT)) : Optional.empty();
    }
}
