package dev.cascadecleanup.internal.proof.check;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** Works out a condition as far as it only asks which columns are NULL: {@code num_nonnulls(a, b) = 1} and the like. */
public final class NullLogic {

    private final Map<String, Boolean> nulls;

    private NullLogic(Map<String, Boolean> nulls) {
        this.nulls = nulls;
    }

    /**
     * Whether the condition is false whatever else the row holds.
     *
     * @param nulls whether a column is NULL; those that are missing may be either
     */
    public static boolean isFalse(Expression condition, Map<String, Boolean> nulls) {
        return new NullLogic(nulls).truth(condition).equals(Optional.of(false));
    }

    /** Empty if it depends on more than that, or is unknown in the sense of SQL, which a CHECK lets pass. */
    private Optional<Boolean> truth(Expression expression) {
        if (expression instanceof Expression.Constant constant && constant.text() != null) {
            return constant.text().startsWith("t")
                    ? Optional.of(true)
                    : constant.text().startsWith("f") ? Optional.of(false) : Optional.empty();
        }
        if (!(expression instanceof Expression.Call call)) {
            return Optional.empty();
        }
        return switch (call.name()) {
            case "isnull" ->
                call.argument(0) instanceof Expression.Column column
                        ? Optional.ofNullable(nulls.get(column.name()))
                        : Optional.empty();
            case "not" -> truth(call.argument(0)).map(value -> !value);
            case "and" -> both(truth(call.argument(0)), truth(call.argument(1)), false);
            case "or" -> both(truth(call.argument(0)), truth(call.argument(1)), true);
            case "=", "<>", "<", "<=", ">", ">=" -> compare(call);
            default -> Optional.empty();
        };
    }

    /** @param decisive the value that decides alone */
    private static Optional<Boolean> both(Optional<Boolean> left, Optional<Boolean> right, boolean decisive) {
        if (left.equals(Optional.of(decisive)) || right.equals(Optional.of(decisive))) {
            return Optional.of(decisive);
        }
        return left.isPresent() && right.isPresent() ? Optional.of(!decisive) : Optional.empty();
    }

    private Optional<Boolean> compare(Expression.Call call) {
        Optional<BigDecimal> left = number(call.argument(0));
        Optional<BigDecimal> right = number(call.argument(1));
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        int order = left.get().compareTo(right.get());
        return Optional.of(
                switch (call.name()) {
                    case "=" -> order == 0;
                    case "<>" -> order != 0;
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order >= 0;
                });
    }

    /** How many are NULL or not, and truth as 1 and 0. */
    private Optional<BigDecimal> number(Expression expression) {
        if (expression instanceof Expression.Constant constant && constant.text() != null) {
            Optional<BigDecimal> number = Arithmetic.number(constant.text());
            return number.isPresent() ? number : truth(expression).map(NullLogic::number);
        }
        if (expression instanceof Expression.Call call && call.is("num_nonnulls", "num_nulls")) {
            int counted = 0;
            for (Expression argument : call.arguments()) {
                Boolean isNull = argument instanceof Expression.Column column ? nulls.get(column.name()) : null;
                if (isNull == null) {
                    return Optional.empty();
                }
                counted += isNull == call.is("num_nulls") ? 1 : 0;
            }
            return Optional.of(BigDecimal.valueOf(counted));
        }
        if (expression instanceof Expression.Call call && call.is("+", "-")) {
            Optional<BigDecimal> left = number(call.argument(0));
            Optional<BigDecimal> right = number(call.argument(1));
            return left.isEmpty() || right.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            call.is("+")
                                    ? left.get().add(right.get())
                                    : left.get().subtract(right.get()));
        }
        if (expression instanceof Expression.Call call
                && call.is("case")
                && call.arguments().size() == 3) {
            Optional<Boolean> condition = truth(call.argument(0));
            return condition.isEmpty() ? Optional.empty() : number(call.argument(condition.get() ? 1 : 2));
        }
        return truth(expression).map(NullLogic::number);
    }

    private static BigDecimal number(boolean truth) {
        return truth ? BigDecimal.ONE : BigDecimal.ZERO;
    }
}
