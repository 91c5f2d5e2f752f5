package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the triggers of a delete do to one row, given when the rows go that it references.
 *
 * <p>PostgreSQL: the triggers of what pass d deleted or updated work in pass d + 1, those of one row in the order of their names, those of
 * different rows in the order in which these were written, which nobody controls: each order is tried. What a row is when its trigger
 * comes decides, not what it was before. An update has those foreign keys checked, in the next pass, whose columns it changes, and all
 * of them when the same transaction has written the row before (ri_triggers.c, {@code RI_FKey_fk_upd_check_required}). CockroachDB: the
 * same with every check at the end.
 */
final class RowLife {

    /** Says which CHECK constraint, if any, refuses the row once these have set their columns. */
    @FunctionalInterface
    interface Checks {
        @Nullable
        String refusedBy(Set<Edge> setters);
    }

    private static final int MOST_EVENTS = 8;

    private final Product product;
    private final List<Part> parts;
    private final RowColumns columns;
    private final Checks checks;
    private final Set<Fate> fates = new LinkedHashSet<>();
    private final Set<Object> seen = new HashSet<>();

    /** A check of one version of the row. */
    private record Check(int part, int version) {}

    /** A trigger of a referenced row that went, or a check. */
    private record Event(
            int part, boolean ofDefault, @Nullable Check check) {}

    /**
     * @param nulls the columns that are NULL now
     * @param defaults those that have their default
     * @param writes how often the row was updated
     */
    private record State(
            Set<String> nulls,
            Set<String> defaults,
            int writes,
            Set<Edge> setters,
            List<Check> next,
            List<Check> atEnd) {}

    private record Moment(State state, List<Event> events, int pass) {}

    private RowLife(Product product, List<Part> parts, RowColumns columns, Checks checks) {
        this.product = product;
        this.parts = parts;
        this.columns = columns;
        this.checks = checks;
    }

    /** All that may become of a row with these foreign keys; more than one where an order decides. */
    static Set<Fate> of(Product product, List<Part> parts, RowColumns columns, Checks checks) {
        RowLife life = new RowLife(product, parts, columns, checks);
        life.pass(new State(Set.of(), Set.of(), 0, Set.of(), List.of(), List.of()), 0);
        return life.fates;
    }

    private void pass(State state, int after) {
        int pass = nextPass(state, after);
        if (pass < 0) {
            end(state);
            return;
        }
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (works(parts.get(i))) {
                if (parts.get(i).gone() == pass - 1) {
                    events.add(new Event(i, false, null));
                }
                if (parts.get(i).defaultGone() == pass - 1 && !parts.get(i).defaultIsSame()) {
                    events.add(new Event(i, true, null));
                }
            }
        }
        state.next().forEach(check -> events.add(new Event(check.part(), false, check)));
        if (events.size() > MOST_EVENTS) {
            fates.add(
                    new Fate.Unknown(parts.get(events.get(0).part()).edge(), "too many foreign keys meet in one row"));
            return;
        }
        step(new Moment(withNext(state, List.of()), events, pass));
    }

    private static State withNext(State state, List<Check> next) {
        return new State(state.nulls(), state.defaults(), state.writes(), state.setters(), next, state.atEnd());
    }

    private int nextPass(State state, int after) {
        if (!state.next().isEmpty()) {
            return after + 1;
        }
        int next = -1;
        for (Part part : parts) {
            for (int gone : new int[] {part.gone(), part.defaultGone()}) {
                if (works(part) && gone >= 0 && gone + 1 > after && (next < 0 || gone + 1 < next)) {
                    next = gone + 1;
                }
            }
        }
        return next;
    }

    /** Whether the deletion of the referenced row does something before the end. */
    private boolean works(Part part) {
        Edge edge = part.edge();
        if (!edge.deletes()) {
            return false;
        }
        if (edge.refuses()) {
            return product == Product.POSTGRESQL && !refusesAtEnd(edge);
        }
        return true;
    }

    private boolean refusesAtEnd(Edge edge) {
        return product == Product.COCKROACHDB
                || (edge.deferred() && edge.definition().onDelete() != ReferentialAction.RESTRICT);
    }

    private void step(Moment moment) {
        if (!seen.add(moment)) {
            return;
        }
        if (moment.events().isEmpty()) {
            pass(moment.state(), moment.pass());
            return;
        }
        for (Event event : moment.events()) {
            if (moment.events().stream().noneMatch(other -> comesFirst(other, event))) {
                List<Event> rest = new ArrayList<>(moment.events());
                rest.remove(event);
                for (State next : happen(moment.state(), event, moment.pass())) {
                    step(new Moment(next, rest, moment.pass()));
                }
            }
        }
    }

    /** Two triggers of one row that went. */
    private boolean comesFirst(Event first, Event second) {
        if (first.check() != null || second.check() != null || first.ofDefault() || second.ofDefault()) {
            return false;
        }
        Part one = parts.get(first.part());
        Part two = parts.get(second.part());
        String name = one.trigger();
        String other = two.trigger();
        return one.target() == two.target() && name != null && other != null && name.compareTo(other) < 0;
    }

    /** The states after it; none where the row's life ends with it. */
    private List<State> happen(State state, Event event, int pass) {
        return event.check() != null ? check(state, event.check(), pass) : act(state, event, pass);
    }

    private List<State> act(State state, Event event, int pass) {
        Part part = parts.get(event.part());
        Edge edge = part.edge();
        if (!references(state, part, event.ofDefault())) {
            return List.of(state);
        }
        if (edge.refuses()) {
            fates.add(new Fate.Refused(edge, ""));
            return List.of();
        }
        if (edge.cascades()) {
            fates.add(new Fate.Gone(pass, state.setters()));
            return List.of();
        }
        State set = set(state, event.part());
        if (set == null) {
            return List.of();
        }
        boolean still = product == Product.POSTGRESQL
                && edge.definition().onDelete() == ReferentialAction.SET_DEFAULT
                && (event.ofDefault() || part.defaultIsSame())
                && !isNothing(set, edge);
        if (still) {
            fates.add(new Fate.Refused(edge, "the default is the very row that goes"));
            return List.of();
        }
        if (!edge.checks()
                && edge.definition().onDelete() == ReferentialAction.SET_DEFAULT
                && edge.changed().stream().anyMatch(columns::hasDefault)) {
            fates.add(
                    new Fate.Unknown(edge, "its check is switched off, so nobody looks whether the default is there"));
            return List.of();
        }
        return List.of(set);
    }

    /** The row after SET NULL or SET DEFAULT; null if that is refused. */
    private @Nullable State set(State state, int setter) {
        Edge edge = parts.get(setter).edge();
        boolean toDefault = edge.definition().onDelete() == ReferentialAction.SET_DEFAULT;
        Set<String> nulls = new TreeSet<>(state.nulls());
        Set<String> defaults = new TreeSet<>(state.defaults());
        Set<String> changed = new TreeSet<>();
        for (String column : edge.changed()) {
            String doubt = columns.doubt(column, toDefault);
            if (doubt != null) {
                fates.add(new Fate.Unknown(edge, doubt));
                return null;
            }
            boolean hasDefault = toDefault && columns.hasDefault(column);
            if (!hasDefault && columns.notNull(column)) {
                fates.add(new Fate.Refused(edge, column + " is NOT NULL"));
                return null;
            }
            if (hasDefault ? defaults.add(column) : nulls.add(column)) {
                changed.add(column);
            }
            (hasDefault ? nulls : defaults).remove(column);
        }
        Set<Edge> setters = new LinkedHashSet<>(state.setters());
        setters.add(edge);
        String check = checks.refusedBy(setters);
        if (check != null) {
            fates.add(new Fate.Refused(edge, "CHECK " + check));
            return null;
        }
        int version = state.writes() + 1;
        State written = new State(nulls, defaults, version, setters, state.next(), state.atEnd());
        List<Check> next = new ArrayList<>(state.next());
        List<Check> atEnd = new ArrayList<>(state.atEnd());
        for (int i = 0; i < parts.size(); i++) {
            Edge other = parts.get(i).edge();
            boolean secondWrite = product == Product.POSTGRESQL && state.writes() > 0;
            boolean touched = Model.overlap(other.definition().columns(), changed);
            if (other.checks() && !isNothing(written, other) && (secondWrite || touched)) {
                (product == Product.COCKROACHDB || other.deferred() ? atEnd : next).add(new Check(i, version));
            }
        }
        return new State(nulls, defaults, version, setters, next, atEnd);
    }

    private List<State> check(State state, Check check, int pass) {
        Part part = parts.get(check.part());
        Edge edge = part.edge();
        if ((check.version() != state.writes() && product == Product.POSTGRESQL) || isNothing(state, edge)) {
            return List.of(state);
        }
        if (isMixed(state, edge)) {
            fates.add(new Fate.Refused(edge, "MATCH FULL does not allow NULL in some of its columns only"));
            return List.of();
        }
        int gone;
        if (!Model.overlap(edge.definition().columns(), state.defaults())) {
            gone = part.gone();
        } else if (isItsDefault(state, part)) {
            gone = part.defaultGone();
        } else {
            fates.add(new Fate.Unknown(edge, "its columns get the defaults of another foreign key"));
            return List.of();
        }
        if (gone == Part.ORPHAN || (gone >= 0 && gone < pass)) {
            fates.add(new Fate.Refused(edge, "the row is updated in the course of the delete, and checked"));
            return List.of();
        }
        if (gone == pass) {
            fates.add(new Fate.Refused(edge, "the row is updated in the course of the delete, and checked"));
        }
        return List.of(state);
    }

    private void end(State state) {
        for (Part part : parts) {
            Edge edge = part.edge();
            if (edge.deletes() && edge.refuses() && refusesAtEnd(edge)) {
                boolean original = part.gone() >= 0 && references(state, part, false);
                boolean byDefault = part.defaultGone() >= 0 && references(state, part, true);
                if (original || byDefault) {
                    fates.add(new Fate.Refused(edge, ""));
                    return;
                }
            }
        }
        for (Check check : state.atEnd()) {
            if (check(state, check, Integer.MAX_VALUE).isEmpty()) {
                return;
            }
        }
        fates.add(new Fate.Kept(state.setters()));
    }

    /** Whether the row, as it is now, references through this foreign key the row that it did at first, or that of the default. */
    private boolean references(State state, Part part, boolean ofDefault) {
        List<String> own = part.edge().definition().columns();
        if (Model.overlap(own, state.nulls())) {
            return false;
        }
        boolean isDefault = ofDefault || (part.defaultIsSame() && Model.overlap(own, state.defaults()));
        return isDefault ? isItsDefault(state, part) : !Model.overlap(own, state.defaults());
    }

    private boolean isItsDefault(State state, Part part) {
        return state.defaults().containsAll(part.edge().definition().columns());
    }

    /** Whether it references nothing now. */
    private boolean isNothing(State state, Edge edge) {
        List<String> own = edge.definition().columns();
        return edge.definition().match() == MatchType.FULL
                ? state.nulls().containsAll(own)
                : Model.overlap(own, state.nulls()) || isNull(edge);
    }

    /** From the beginning. */
    private boolean isNull(Edge edge) {
        return parts.stream().anyMatch(part -> part.edge() == edge && part.gone() == Part.NOTHING)
                && parts.stream().noneMatch(part -> part.edge() == edge && part.defaultGone() != Part.NOTHING);
    }

    private static boolean isMixed(State state, Edge edge) {
        List<String> own = edge.definition().columns();
        return edge.definition().match() == MatchType.FULL
                && Model.overlap(own, state.nulls())
                && !state.nulls().containsAll(own);
    }
}
