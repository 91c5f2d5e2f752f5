package dev.cascadecleanup.internal.proof.check;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.function.Function;

/** Works out what an expression of numbers is worth: {@code quantity * price + 1}. */
public final class Arithmetic {

    private Arithmetic() {}

    /** Its value; empty if it is not one of numbers. */
    public static Optional<BigDecimal> value(Expression expression, Function<String, Optional<String>> columns) {
        if (expression instanceof Expression.Column column) {
            return columns.apply(column.name()).flatMap(Arithmetic::number);
        }
        if (expression instanceof Expression.Constant constant) {
            return Optional.ofNullable(constant.text()).flatMap(Arithmetic::number);
        }
        if (expression instanceof Expression.Call call && call.arguments().size() == 2) {
            Optional<BigDecimal> left = value(call.argument(0), columns);
            Optional<BigDecimal> right = value(call.argument(1), columns);
            return left.isPresent() && right.isPresent()
                    ? apply(call.name(), left.get(), right.get())
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<BigDecimal> apply(String operator, BigDecimal left, BigDecimal right) {
        return switch (operator) {
            case "+" -> Optional.of(left.add(right));
            case "-" -> Optional.of(left.subtract(right));
            case "*" -> Optional.of(left.multiply(right));
            case "/" -> right.signum() == 0 ? Optional.empty() : Optional.of(left.divide(right, MathContext.DECIMAL64));
            default -> Optional.empty();
        };
    }

    /** The number that a text is. */
    public static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
