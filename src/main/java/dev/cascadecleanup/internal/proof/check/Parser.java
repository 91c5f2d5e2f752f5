package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Recursive descent over what {@code pg_get_expr} and CockroachDB's {@code condef} print (PostgreSQL manual, 4.1.6, 4.2). */
final class Parser {

    private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");
    private static final Map<String, String> SPELLINGS =
            Map.of("!=", "<>", "~~", "like", "!~~", "not like", "~~*", "ilike", "!~~*", "not ilike");
    private static final Set<String> CONTEXT = Set.of(
            "current_date",
            "current_timestamp",
            "current_time",
            "localtime",
            "localtimestamp",
            "current_user",
            "session_user",
            "user",
            "current_role",
            "current_catalog",
            "current_schema");

    /** The words that end an operand where an operator is looked for. */
    private static final Set<String> STOP = Set.of(
            "and", "or", "then", "else", "end", "when", "is", "not", "in", "between", "like", "ilike", "similar",
            "from", "as", "isnull", "notnull", "escape", "for", "collate", "at");

    /** Deeper and longer than anybody writes by hand; what is beyond, a machine has written, and is not understood. */
    private static final int DEEPEST = 150;

    private static final int LONGEST = 200_000;

    private final List<Token> tokens;
    private int position;
    private int depth;
    private final Map<Expression, Integer> depths = new IdentityHashMap<>();

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Expression parse(String text) {
        List<Token> tokens = withPlainOperators(Lexer.tokens(text));
        try {
            if (tokens.size() > LONGEST) {
                throw new IllegalArgumentException("too long");
            }
            Parser parser = new Parser(tokens);
            Expression expression = parser.or();
            if (parser.peek().kind() == Token.Kind.END) {
                return expression;
            }
        } catch (IllegalArgumentException e) {
            // Not a shape that this parser knows; what is left are the names.
        }
        Set<String> names = new LinkedHashSet<>();
        tokens.stream().filter(token -> token.kind() == Token.Kind.NAME).forEach(token -> names.add(token.text()));
        return new Expression.Unknown(names);
    }

    /** {@code OPERATOR(public.~)}, as operators of extensions are printed, is the operator. */
    private static List<Token> withPlainOperators(List<Token> tokens) {
        List<Token> plain = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            int end = i + 1;
            if (tokens.get(i).isKeyword("operator") && tokens.get(end).isOperator("(")) {
                end++;
                while (tokens.get(end).kind() == Token.Kind.NAME
                        && tokens.get(end + 1).isOperator(".")) {
                    end += 2;
                }
                if (tokens.get(end).kind() == Token.Kind.OPERATOR
                        && tokens.get(end + 1).isOperator(")")) {
                    plain.add(tokens.get(end));
                    i = end + 1;
                    continue;
                }
            }
            plain.add(tokens.get(i));
        }
        return plain;
    }

    private Expression or() {
        deeper();
        List<Expression> operands = new ArrayList<>(List.of(and()));
        while (acceptWord("or")) {
            operands.add(and());
        }
        depth--;
        return balanced("or", operands);
    }

    private Expression and() {
        List<Expression> operands = new ArrayList<>(List.of(not()));
        while (acceptWord("and")) {
            operands.add(not());
        }
        return balanced("and", operands);
    }

    /** In the same order, and no deeper than it has to be: thousands of conditions side by side are a list in truth. */
    private Expression balanced(String name, List<Expression> operands) {
        if (operands.size() == 1) {
            return operands.get(0);
        }
        int middle = operands.size() / 2;
        return call(
                name,
                balanced(name, operands.subList(0, middle)),
                balanced(name, operands.subList(middle, operands.size())));
    }

    private Expression not() {
        if (!acceptWord("not")) {
            return predicate();
        }
        deeper();
        Expression negated = call("not", not());
        depth--;
        return negated;
    }

    private void deeper() {
        limit(++depth > DEEPEST);
    }

    private Expression predicate() {
        Expression left = comparison();
        while (true) {
            if (acceptWord("isnull")) {
                left = call("isnull", left);
            } else if (acceptWord("notnull")) {
                left = call("not", call("isnull", left));
            } else if (acceptWord("is")) {
                left = is(left);
            } else {
                return left;
            }
        }
    }

    private Expression is(Expression left) {
        boolean negated = acceptWord("not");
        Expression result;
        if (acceptWord("null") || acceptWord("unknown")) {
            result = call("isnull", left);
        } else if (acceptWord("true")) {
            result = left;
        } else if (acceptWord("false")) {
            result = call("not", left);
        } else if (acceptWord("distinct")) {
            expectWord("from");
            Expression right = operand();
            result = right instanceof Expression.Constant constant && constant.text() == null
                    ? call("not", call("isnull", left))
                    : call("<>", left, right);
        } else {
            throw unexpected();
        }
        return negated ? call("not", result) : result;
    }

    private Expression comparison() {
        Expression left = operand();
        while (true) {
            if (peek().kind() == Token.Kind.OPERATOR && COMPARISONS.contains(peek().text())) {
                left = compare(next().text(), left);
                continue;
            }
            int mark = position;
            boolean negated = acceptWord("not");
            Expression result;
            if (acceptWord("in")) {
                result = call("in", left, list());
            } else if (acceptWord("between")) {
                acceptWord("symmetric");
                Expression low = operand();
                expectWord("and");
                result = call("and", call(">=", left, low), call("<=", left, operand()));
            } else if (acceptWord("like")) {
                result = call("like", left, pattern());
            } else if (acceptWord("ilike")) {
                result = call("ilike", left, pattern());
            } else if (acceptWord("similar")) {
                expectWord("to");
                result = call("similar", left, pattern());
            } else {
                position = mark;
                return left;
            }
            left = negated ? call("not", result) : result;
        }
    }

    private Expression pattern() {
        Expression pattern = operand();
        if (acceptWord("escape")) {
            operand();
        }
        return pattern;
    }

    /** {@code = x}, {@code = ANY (...)} or {@code <> ALL (...)}. */
    private Expression compare(String operator, Expression left) {
        String name = SPELLINGS.getOrDefault(operator, operator);
        if (acceptWord("any") || acceptWord("some")) {
            Expression list = list();
            return name.equals("=") ? call("in", left, list) : call(name + " any", left, list);
        }
        if (acceptWord("all")) {
            Expression list = list();
            return name.equals("<>") ? call("not", call("in", left, list)) : call(name + " all", left, list);
        }
        return call(name, left, operand());
    }

    /** In parentheses, which CockroachDB may leave out: a list, an array constructor, or one constant that is an array. */
    private Expression list() {
        if (!accept("(")) {
            return postfix();
        }
        List<Expression> items = new ArrayList<>();
        do {
            items.add(or());
        } while (accept(","));
        expect(")");
        if (items.size() != 1) {
            return call("list", items);
        }
        if (items.get(0) instanceof Expression.Call call && call.is("list")) {
            return call;
        }
        if (items.get(0) instanceof Expression.Constant constant
                && constant.text() != null
                && constant.text().startsWith("{")) {
            return call(
                    "list",
                    ArrayConstant.elements(constant.text()).stream()
                            .<Expression>map(Expression.Constant::new)
                            .toList());
        }
        return items.get(0) instanceof Expression.Constant ? call("list", items) : items.get(0);
    }

    /** Everything that binds tighter than a comparison. */
    private Expression operand() {
        Expression left = sum();
        while (peek().kind() == Token.Kind.OPERATOR && isOtherOperator(peek().text())) {
            String operator = next().text();
            String name = SPELLINGS.getOrDefault(operator, operator);
            if (operator.equals("~") || operator.contains("~")) {
                if (acceptWord("any") || acceptWord("all")) {
                    left = call(name + " any", left, list());
                    continue;
                }
            }
            Expression right = sum();
            left = name.startsWith("not ")
                    ? call("not", call(name.substring(4), left, right))
                    : name.equals("!~")
                            ? call("not", call("~", left, right))
                            : name.equals("!~*") ? call("not", call("~*", left, right)) : call(name, left, right);
        }
        return left;
    }

    private static boolean isOtherOperator(String text) {
        return !COMPARISONS.contains(text)
                && !"+-*/%^".contains(text)
                && !"(),[].;{}".contains(text)
                && !text.startsWith("::");
    }

    private Expression sum() {
        Expression left = product();
        while (peek().isOperator("+") || peek().isOperator("-")) {
            left = call(next().text(), left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = unary();
        while (peek().isOperator("*") || peek().isOperator("/") || peek().isOperator("%") || peek().isOperator("^")) {
            left = call(next().text(), left, unary());
        }
        return left;
    }

    private Expression unary() {
        if (accept("-")) {
            deeper();
            Expression operand = unary();
            depth--;
            return operand instanceof Expression.Constant constant && constant.text() != null
                    ? new Expression.Constant('-' + constant.text())
                    : call("-", new Expression.Constant("0"), operand);
        }
        while (accept("+")) {
            // it changes nothing
        }
        return peek().isOperator("-") ? unary() : postfix();
    }

    private Expression postfix() {
        Expression left = primary();
        while (true) {
            if (peek().kind() == Token.Kind.OPERATOR && peek().text().startsWith("::")) {
                next();
                type();
            } else if (accept("[")) {
                left = call("subscript", left, or());
                if (accept(":")) {
                    left = call("slice", left, or());
                }
                expect("]");
            } else if (accept(".")) {
                left = call("field", left, new Expression.Constant(next().text()));
            } else if (acceptWord("collate")) {
                next();
                while (accept(".")) {
                    next();
                }
            } else if (peek().isKeyword("at") && peek(1).isKeyword("time")) {
                position += 2;
                expectWord("zone");
                deeper();
                left = call("timezone", postfix(), left);
                depth--;
            } else {
                return left;
            }
        }
    }

    private Expression primary() {
        Token token = next();
        return switch (token.kind()) {
            case STRING, NUMBER -> new Expression.Constant(token.text());
            case NAME -> token.quoted() ? name(token) : word(token);
            case OPERATOR -> {
                if (!token.text().equals("(")) {
                    throw unexpected();
                }
                Expression inner = or();
                if (peek().isOperator(",")) {
                    List<Expression> items = new ArrayList<>(List.of(inner));
                    while (accept(",")) {
                        items.add(or());
                    }
                    inner = call("row", items);
                }
                expect(")");
                yield inner;
            }
            case END -> throw unexpected();
        };
    }

    private Expression word(Token token) {
        switch (token.text()) {
            case "null":
                return new Expression.Constant(null);
            case "true", "false":
                return new Expression.Constant(token.text());
            case "case":
                return caseExpression();
            case "cast":
                expect("(");
                Expression operand = or();
                expectWord("as");
                type();
                expect(")");
                return operand;
            case "array":
                if (peek().isOperator("[")) {
                    return array();
                }
                break;
            case "row":
                if (peek().isOperator("(")) {
                    return call("row", arguments());
                }
                break;
            case "extract":
                return extract();
            default:
                break;
        }
        if (CONTEXT.contains(token.text()) && !peek().isOperator(".")) {
            if (accept("(")) {
                while (!accept(")")) {
                    next();
                }
            }
            return call(token.text(), List.of());
        }
        if (peek().kind() == Token.Kind.STRING) {
            return new Expression.Constant(next().text());
        }
        return name(token);
    }

    private Expression name(Token first) {
        String name = first.text();
        while (peek().isOperator(".") && peek(1).kind() == Token.Kind.NAME) {
            next();
            name = next().text();
        }
        if (accept(".")) {
            expect("*");
            return new Expression.Unknown(Set.of());
        }
        if (peek().isOperator("(")) {
            return call(name.toLowerCase(Locale.ROOT), arguments());
        }
        return new Expression.Column(name);
    }

    private List<Expression> arguments() {
        expect("(");
        List<Expression> arguments = new ArrayList<>();
        if (accept(")")) {
            return arguments;
        }
        do {
            acceptWord("variadic");
            arguments.add(or());
            // position('x' in y), substring(x from 1 for 2), trim(both from x)
            while (acceptWord("from") || acceptWord("for")) {
                arguments.add(or());
            }
        } while (accept(","));
        expect(")");
        return arguments;
    }

    private Expression extract() {
        expect("(");
        Expression field = new Expression.Constant(next().text());
        expectWord("from");
        Expression source = or();
        expect(")");
        return call("date_part", field, source);
    }

    private Expression array() {
        expect("[");
        List<Expression> items = new ArrayList<>();
        if (!accept("]")) {
            do {
                items.add(or());
            } while (accept(","));
            expect("]");
        }
        return call("list", items);
    }

    private Expression caseExpression() {
        Expression subject = peek().isKeyword("when") ? null : or();
        List<Expression> parts = new ArrayList<>();
        while (acceptWord("when")) {
            Expression condition = or();
            parts.add(subject == null ? condition : call("=", subject, condition));
            expectWord("then");
            parts.add(or());
        }
        parts.add(acceptWord("else") ? or() : new Expression.Constant(null));
        expectWord("end");
        return call("case", parts);
    }

    /** Reads over a type's name: casts mean nothing here. */
    private void type() {
        next();
        while ((peek().kind() == Token.Kind.NAME && !STOP.contains(peek().text()))
                || peek().isOperator(".")
                || peek().isOperator("(")
                || (peek().isOperator("[") && peek(1).isOperator("]"))) {
            if (accept("(")) {
                while (!accept(")")) {
                    next();
                }
            } else if (accept("[")) {
                expect("]");
            } else {
                next();
            }
        }
    }

    private Token peek() {
        return tokens.get(position);
    }

    private Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    private Token next() {
        Token token = peek();
        if (token.kind() == Token.Kind.END) {
            throw unexpected();
        }
        position++;
        return token;
    }

    private boolean accept(String operator) {
        if (peek().isOperator(operator)) {
            position++;
            return true;
        }
        return false;
    }

    private boolean acceptWord(String word) {
        if (peek().isKeyword(word)) {
            position++;
            return true;
        }
        return false;
    }

    private void expect(String operator) {
        if (!accept(operator)) {
            throw unexpected();
        }
    }

    private void expectWord(String word) {
        if (!acceptWord(word)) {
            throw unexpected();
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("unexpected " + peek());
    }

    private Expression call(String name, Expression... arguments) {
        return call(name, List.of(arguments));
    }

    private Expression call(String name, List<Expression> arguments) {
        Expression.Call call = new Expression.Call(name, arguments);
        int levels = 1
                + arguments.stream()
                        .mapToInt(argument -> depths.getOrDefault(argument, 0))
                        .max()
                        .orElse(0);
        limit(levels > DEEPEST);
        depths.put(call, levels);
        return call;
    }

    /** Everything that is done with expressions walks them recursively, so that none may be deeper than a stack. */
    private static void limit(boolean reached) {
        if (reached) {
            throw new IllegalArgumentException("too deep");
        }
    }
}
