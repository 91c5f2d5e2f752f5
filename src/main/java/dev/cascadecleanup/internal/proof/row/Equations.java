package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.internal.proof.check.Arithmetic;
import dev.cascadecleanup.internal.proof.check.Expression;
import dev.cascadecleanup.internal.proof.check.Facts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Works out columns that equal an expression of the others: {@code total = quantity * price}. */
final class Equations {

    private Equations() {}

    /** The proposals in which these columns have the value that the others give them. */
    static List<Map<String, Cell>> solved(Map<String, Facts> facts, List<Map<String, Cell>> proposals, Draft draft) {
        Map<String, Expression> equations = new LinkedHashMap<>();
        facts.forEach((column, known) -> {
            Expression equation = known.equation();
            if (equation != null && !draft.isFixed(column)) {
                equations.put(column, equation);
            }
        });
        List<Map<String, Cell>> solved = new ArrayList<>();
        for (Map<String, Cell> proposal : equations.isEmpty() ? List.<Map<String, Cell>>of() : proposals) {
            Map<String, Cell> changed = new LinkedHashMap<>(proposal);
            equations.forEach((column, equation) -> Arithmetic.value(
                            equation,
                            name -> Optional.ofNullable(changed.get(name)).map(Cell::text))
                    .ifPresent(value -> changed.replace(
                            column, Cell.text(value.stripTrailingZeros().toPlainString()))));
            solved.add(changed);
        }
        return solved;
    }
}
