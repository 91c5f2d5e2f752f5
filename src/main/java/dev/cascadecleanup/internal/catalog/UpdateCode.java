package dev.cascadecleanup.internal.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the PL/pgSQL code of a BEFORE UPDATE trigger does, where it is so simple that nothing else can happen: it sets columns of the
 * new row to the time, one further, or back to what they were, if need be only where the row differs, and returns the row. Anything
 * else is not understood.
 *
 * @param timed columns that get the time
 * @param counted columns that are counted up
 * @param restored columns that stay as they were
 * @param compared columns whose old and new value are compared; {@link #ROW} for all of them
 */
record UpdateCode(Set<String> timed, Set<String> counted, Set<String> restored, Set<String> compared) {

    static final String ROW = "*";

    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|--[^\\n\\r]*|/\\*(?:(?!/\\*).)*?\\*/"
                    + "|(?<quoted>\"(?:[^\"]|\"\")++\")|(?<word>[A-Za-z_][A-Za-z_0-9$]*)"
                    + "|(?<other>\\d+|'[^'\\\\]*'|:=|::|<>|!=|<=|>=|[=+();,.<>*])",
            Pattern.DOTALL);
    private static final Set<String> CLOCKS =
            Set.of("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp");
    private static final Set<String> TIMES = Set.of("current_timestamp", "localtimestamp", "current_date");

    UpdateCode {
        timed = Set.copyOf(timed);
        counted = Set.copyOf(counted);
        restored = Set.copyOf(restored);
        compared = Set.copyOf(compared);
    }

    /** Of a function's body; empty if it is not understood. */
    static Optional<UpdateCode> ofFunction(String body) {
        return read(body, Reader::function);
    }

    /** Of a trigger's WHEN; empty if it is not understood. */
    static Optional<UpdateCode> ofCondition(String condition) {
        return read(condition, Reader::condition);
    }

    private interface Part {
        void read(Reader reader);
    }

    private static Optional<UpdateCode> read(String text, Part part) {
        try {
            Reader reader = new Reader(tokens(text));
            part.read(reader);
            reader.end();
            return Optional.of(new UpdateCode(reader.timed, reader.counted, reader.restored, reader.compared));
        } catch (NotUnderstood e) {
            return Optional.empty();
        }
    }

    private static final class NotUnderstood extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotUnderstood() {
            super(null, null, false, false);
        }
    }

    /** @param name whether it is a name for certain, because it was quoted */
    private record Token(String text, boolean name) {}

    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new NotUnderstood();
            }
            String quoted = matcher.group("quoted");
            String word = matcher.group("word");
            String other = matcher.group("other");
            if (quoted != null) {
                tokens.add(new Token(quoted.substring(1, quoted.length() - 1).replace("\"\"", "\""), true));
            } else if (word != null) {
                tokens.add(new Token(word.toLowerCase(Locale.ROOT), false));
            } else if (other != null) {
                tokens.add(new Token(other.toLowerCase(Locale.ROOT), false));
            }
            at = matcher.end();
        }
        return tokens;
    }

    private static final class Reader {

        private final List<Token> tokens;
        private final Set<String> timed = new HashSet<>();
        private final Set<String> counted = new HashSet<>();
        private final Set<String> restored = new HashSet<>();
        private final Set<String> compared = new HashSet<>();
        private int at;
        /** What stands for the new row: NEW, or a variable that was set to it. */
        private String row = "new";

        Reader(List<Token> tokens) {
            this.tokens = tokens;
        }

        void end() {
            if (at < tokens.size()) {
                throw new NotUnderstood();
            }
        }

        void function() {
            boolean declares = take("declare");
            String variable = declares ? name() : row;
            if (declares) {
                if (variable.equals("new") || variable.equals("old")) {
                    throw new NotUnderstood();
                }
                expect("record");
                expect(";");
            }
            expect("begin");
            if (declares) {
                expect(variable);
                assignment();
                expect("new");
                expect(";");
                row = variable;
            }
            while (!take("return")) {
                if (take("if")) {
                    condition();
                    expect("then");
                    do {
                        setColumn();
                    } while (!take("end"));
                    expect("if");
                    expect(";");
                } else {
                    setColumn();
                }
            }
            expect(row);
            expect(";");
            expect("end");
            take(";");
        }

        private void setColumn() {
            expect(row);
            expect(".");
            String column = name();
            assignment();
            if (peek("new") || peek("old") || peek(row)) {
                at++;
                expect(".");
                if (!name().equals(column)) {
                    throw new NotUnderstood();
                }
                if (take("+")) {
                    step();
                    counted.add(column);
                } else {
                    restored.add(column);
                }
            } else {
                time();
                timed.add(column);
            }
            expect(";");
        }

        private void assignment() {
            if (!take(":=")) {
                expect("=");
            }
        }

        private void step() {
            String number = next().text();
            if (!number.matches("\\d{1,3}")) {
                throw new NotUnderstood();
            }
        }

        private void time() {
            if (take("(")) {
                time();
                expect(")");
            } else if (take("timezone")) {
                expect("(");
                utc();
                expect(",");
                time();
                expect(")");
            } else {
                if (take("pg_catalog")) {
                    expect(".");
                }
                Token token = next();
                if (!token.name() && CLOCKS.contains(token.text())) {
                    expect("(");
                    expect(")");
                } else if (token.name() || !TIMES.contains(token.text())) {
                    throw new NotUnderstood();
                }
            }
            while (take("at")) {
                expect("time");
                expect("zone");
                utc();
            }
        }

        private void utc() {
            expect("'utc'");
            if (take("::")) {
                expect("text");
            }
        }

        /** Comparisons of the old with the new row, and how deep triggers are, joined by AND and OR. */
        void condition() {
            do {
                if (take("(")) {
                    condition();
                    expect(")");
                } else {
                    comparison();
                }
            } while (take("and") || take("or"));
        }

        private void comparison() {
            if (take("pg_trigger_depth")) {
                expect("(");
                expect(")");
                operator();
                step();
            } else if (take("tg_op")) {
                expect("=");
                expect("'update'");
            } else {
                String one = side();
                if (take("is")) {
                    take("not");
                    expect("distinct");
                    expect("from");
                } else {
                    operator();
                }
                if (!side().equals(one)) {
                    throw new NotUnderstood();
                }
                compared.add(one);
            }
        }

        private String side() {
            if (take("row")) {
                expect("(");
                String side = side();
                expect(")");
                if (!side.equals(ROW)) {
                    throw new NotUnderstood();
                }
                return side;
            }
            if (!take("new")) {
                expect("old");
            }
            if (!take(".")) {
                return ROW;
            }
            return take(ROW) ? ROW : name();
        }

        private void operator() {
            if (!Set.of("=", "<>", "!=", "<", ">", "<=", ">=").contains(next().text())) {
                throw new NotUnderstood();
            }
        }

        private Token next() {
            if (at == tokens.size()) {
                throw new NotUnderstood();
            }
            return tokens.get(at++);
        }

        private String name() {
            Token token = next();
            if (!token.name() && !token.text().matches("[a-z_][a-z_0-9$]*")) {
                throw new NotUnderstood();
            }
            return token.text();
        }

        private boolean peek(String text) {
            return at < tokens.size() && tokens.get(at).text().equals(text);
        }

        private boolean take(String text) {
            if (peek(text)) {
                at++;
                return true;
            }
            return false;
        }

        private void expect(String text) {
            if (!take(text)) {
                throw new NotUnderstood();
            }
        }
    }
}
