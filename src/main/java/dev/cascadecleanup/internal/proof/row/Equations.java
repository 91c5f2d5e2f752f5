package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.internal.proof.check.Arithmetic;
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
        List<String> columns = facts.entrySet().stream()
                .filter(fact -> fact.getValue().equation() != null)
                .map(Map.Entry::getKey)
                .filter(column -> !draft.isFixed(column))
                .toList();
        List<Map<String, Cell>> solved = new ArrayList<>();
        for (Map<String, Cell> proposal : columns.isEmpty() ? List.<Map<String, Cell>>of() : proposals) {
            Map<String, Cell> changed = new LinkedHashMap<>(proposal);
            for (String column : columns) {
                Arithmetic.value(
                                facts.get(column).equation(),
                                name -> Optional.ofNullable(changed.get(name)).map(Cell::text))
                        .ifPresent(value -> changed.replace(
                                column, Cell.text(value.stripTrailingZeros().toPlainString())));
            }
            solved.add(changed);
        }
        return solved;
    }
}
