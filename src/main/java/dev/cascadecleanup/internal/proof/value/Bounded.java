package dev.cascadecleanup.internal.proof.value;

import dev.cascadecleanup.internal.proof.check.Arithmetic;
import dev.cascadecleanup.internal.proof.check.Facts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values between the bounds that are known of a column, and in its place among columns that it is compared with. */
final class Bounded {

    static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric", "float4", "float8", "money", "oid");
    static final Set<String> INTEGERS = Set.of("int2", "int4", "int8", "oid");
    static final Set<String> DATES = Set.of("date", "timestamp", "timestamptz");

    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final LocalDate SOME_DAY = LocalDate.of(2024, 1, 15);
    private static final int DATE_LENGTH = 10;
    private static final int ROOM = 1000;
    private static final int SPREAD = 16;

    private final SqlType.Scalar type;
    private final Facts facts;
    private final long n;
    private final boolean distinct;
    private final boolean integer;

    /** @param distinct whether another {@code n} should give other values where there is room */
    Bounded(SqlType.Scalar type, Facts facts, long n, boolean distinct) {
        this.type = type;
        this.facts = facts;
        this.n = n;
        this.distinct = distinct;
        this.integer = !NUMBERS.contains(type.name()) || INTEGERS.contains(type.name());
    }

    Collection<String> values() {
        if (facts.lower().isEmpty() && facts.upper().isEmpty() && facts.order() == null) {
            return List.of();
        }
        if (NUMBERS.contains(type.name())) {
            return numbers(Arithmetic::number)
                    .map(BigDecimal::toPlainString)
                    .distinct()
                    .toList();
        }
        if (DATES.contains(type.name())) {
            return dates();
        }
        return type.name().equals("interval") ? intervals() : boundsThemselves();
    }

    /** Inside first, then the bounds themselves. */
    private Stream<BigDecimal> numbers(Function<String, Optional<BigDecimal>> parser) {
        BigDecimal step = integer ? BigDecimal.ONE : new BigDecimal("0.01");
        BigDecimal low = facts.lower().stream()
                .flatMap(bound ->
                        parser.apply(bound.text()).map(value -> bound.inclusive() ? value : value.add(step)).stream())
                .max(BigDecimal::compareTo)
                .orElse(null);
        BigDecimal high = facts.upper().stream()
                .flatMap(bound ->
                        parser
                                .apply(bound.text())
                                .map(value -> bound.inclusive() ? value : value.subtract(step))
                                .stream())
                .min(BigDecimal::compareTo)
                .orElse(null);
        Set<BigDecimal> values = new LinkedHashSet<>();
        if (facts.order() != null) {
            values.add(inOrder(facts.order(), low, high));
        }
        if (low != null) {
            long room = high == null ? ROOM : high.subtract(low).longValue();
            values.add(low.add(BigDecimal.valueOf(Math.floorMod(n, Math.max(room, 0) + 1))));
            values.add(low);
        }
        if (low != null && high != null) {
            values.add(low.add(high).divide(TWO));
        }
        if (high != null) {
            values.add(low == null ? high.min(BigDecimal.ONE) : high);
            values.add(high);
        }
        return values.stream().map(value -> integer ? value.setScale(0, RoundingMode.FLOOR) : value);
    }

    /** Each column of a chain steps beyond the one before, so that what is worked out for each alone fits together. */
    private BigDecimal inOrder(Facts.Order order, @Nullable BigDecimal low, @Nullable BigDecimal high) {
        if (low == null && high != null) {
            return high.subtract(BigDecimal.valueOf(order.above()));
        }
        BigDecimal first = low != null
                ? low
                : DATES.contains(type.name()) ? BigDecimal.valueOf(SOME_DAY.toEpochDay()) : BigDecimal.ONE;
        long shift = distinct && high == null ? Math.floorMod(n, ROOM) * SPREAD : 0;
        return first.add(step(order, low, high).multiply(BigDecimal.valueOf(order.below())))
                .add(BigDecimal.valueOf(shift));
    }

    /** One, or less where the bounds leave no room for that. */
    private BigDecimal step(Facts.Order order, @Nullable BigDecimal low, @Nullable BigDecimal high) {
        long steps = (long) order.below() + order.above();
        if (integer || low == null || high == null) {
            return BigDecimal.ONE;
        }
        BigDecimal room = high.subtract(low);
        return room.compareTo(BigDecimal.valueOf(steps)) < 0
                ? room.divide(BigDecimal.valueOf(steps + 1), 6, RoundingMode.FLOOR)
                : BigDecimal.ONE;
    }

    private Collection<String> dates() {
        Set<String> dates = new LinkedHashSet<>();
        List<String> days = numbers(text -> date(text).map(date -> BigDecimal.valueOf(date.toEpochDay())))
                .map(day -> LocalDate.ofEpochDay(day.longValue()).toString())
                .toList();
        if (facts.order() != null) {
            dates.addAll(days);
        }
        facts.lower().forEach(bound -> addNear(dates, bound, 1));
        facts.upper().forEach(bound -> addNear(dates, bound, -1));
        dates.addAll(days);
        return dates;
    }

    /** The exact bound, the day and the year after or before it: a bound may have a time of day too. */
    private static void addNear(Collection<String> dates, Facts.Bound bound, int inwards) {
        if (bound.inclusive()) {
            dates.add(bound.text());
        }
        date(bound.text()).ifPresent(date -> {
            dates.add(date.plusDays(inwards).toString());
            dates.add(date.plusYears(inwards).toString());
        });
    }

    /** Empty for {@code infinity} and the like. */
    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text.substring(0, Math.min(DATE_LENGTH, text.length()))));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A second more than {@code 3 days}; a second, or a day, more than {@code 01:00:00}. */
    private List<String> intervals() {
        List<String> values = new ArrayList<>();
        for (Facts.Bound bound : facts.lower()) {
            if (bound.inclusive()) {
                values.add(bound.text());
            } else if (bound.text().contains(":")) {
                values.add(bound.text().replaceFirst("0$", "1"));
                values.add(bound.text() + " 1 day");
            } else {
                values.add(bound.text() + " 1 second");
            }
        }
        facts.upper().stream().filter(Facts.Bound::inclusive).forEach(bound -> values.add(bound.text()));
        return values;
    }

    /** Texts and what else has an order; a text may also be read as a number. */
    private List<String> boundsThemselves() {
        List<String> values = new ArrayList<>();
        facts.lower().forEach(bound -> {
            values.add(bound.inclusive() ? bound.text() : bound.text() + "a");
            Arithmetic.number(bound.text())
                    .ifPresent(number -> values.add(number.add(BigDecimal.ONE).toPlainString()));
        });
        facts.upper().forEach(bound -> {
            if (bound.inclusive()) {
                values.add(bound.text());
            }
            Arithmetic.number(bound.text())
                    .ifPresent(
                            number -> values.add(number.subtract(BigDecimal.ONE).toPlainString()));
        });
        return values;
    }
}
