package dev.cascadecleanup.internal.engine.cockroach;

import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.ADD_STAND_IN;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.COMPLETE;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.DROP_ORIGINAL;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.DROP_STAND_IN;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.GIVE_UP_CHANGED;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.GIVE_UP_NAME_TAKEN;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.RENAME_STAND_IN;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.VALIDATE_ORIGINAL;
import static dev.cascadecleanup.internal.engine.cockroach.SwapStep.VALIDATE_STAND_IN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.TableConstraint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SwapStepTest {

    private static final TableConstraint OLD = constraint(ReferentialAction.NO_ACTION, true);
    private static final TableConstraint WANTED = constraint(ReferentialAction.CASCADE, true);
    private static final TableConstraint WANTED_NOT_VALID = constraint(ReferentialAction.CASCADE, false);
    private static final TableConstraint THIRD = constraint(ReferentialAction.SET_NULL, true);
    private static final TableConstraint CHECK = new TableConstraint(9, "x", null);

    @Test
    void followsTheStraightWay() {
        assertThat(next(OLD, null)).isEqualTo(ADD_STAND_IN);
        assertThat(next(OLD, WANTED)).isEqualTo(DROP_ORIGINAL);
        assertThat(next(null, WANTED)).isEqualTo(RENAME_STAND_IN);
        assertThat(next(WANTED, null)).isEqualTo(COMPLETE);
    }

    @Test
    void dropsTheOriginalOnlyForAValidatedStandIn() {
        assertThat(next(OLD, WANTED_NOT_VALID)).isEqualTo(VALIDATE_STAND_IN);
        assertThat(SwapStep.next(new SwapState(OLD, WANTED_NOT_VALID), OLD.definition(), WANTED.definition(), false))
                .isEqualTo(DROP_ORIGINAL);
    }

    @Test
    void validatesInTheEnd() {
        assertThat(next(WANTED_NOT_VALID, null)).isEqualTo(VALIDATE_ORIGINAL);
        assertThat(SwapStep.next(new SwapState(WANTED_NOT_VALID, null), OLD.definition(), WANTED.definition(), false))
                .isEqualTo(COMPLETE);
    }

    @Test
    void takesAForeignStandInAwayOnlyBesideAnOriginalThatIsSureToStay() {
        assertThat(next(OLD, THIRD)).isEqualTo(DROP_STAND_IN);
        assertThat(next(WANTED, OLD)).isEqualTo(DROP_STAND_IN);
        assertThat(next(WANTED, WANTED)).isEqualTo(DROP_STAND_IN);
        assertThat(next(WANTED_NOT_VALID, OLD)).as("it may be on its way out").isEqualTo(VALIDATE_ORIGINAL);
        assertThat(next(constraint(ReferentialAction.NO_ACTION, false), THIRD)).isEqualTo(VALIDATE_ORIGINAL);
        assertThat(next(null, THIRD)).isEqualTo(RENAME_STAND_IN);
    }

    @Test
    void leavesAloneWhatNobodyAskedFor() {
        assertThat(next(null, null)).isEqualTo(GIVE_UP_CHANGED);
        assertThat(next(THIRD, null)).isEqualTo(GIVE_UP_CHANGED);
        assertThat(next(THIRD, WANTED)).isEqualTo(DROP_STAND_IN);
        assertThat(next(CHECK, null)).isEqualTo(GIVE_UP_CHANGED);
        assertThat(next(CHECK, WANTED)).isEqualTo(GIVE_UP_CHANGED);
        assertThat(next(OLD, CHECK)).isEqualTo(GIVE_UP_NAME_TAKEN);
        assertThat(next(null, onOtherColumn())).isEqualTo(GIVE_UP_NAME_TAKEN);
    }

    static List<SwapState> everyState() {
        List<TableConstraint> all = new ArrayList<>();
        all.add(null);
        all.add(CHECK);
        all.add(onOtherColumn());
        for (ReferentialAction action : ReferentialAction.values()) {
            all.add(constraint(action, true));
            all.add(constraint(action, false));
        }
        List<SwapState> states = new ArrayList<>();
        for (TableConstraint original : all) {
            for (TableConstraint standIn : all) {
                states.add(new SwapState(original, standIn));
            }
        }
        return states;
    }

    /** From wherever one starts: an end in a few steps, and before it always a foreign key on the columns, if there was one. */
    @ParameterizedTest
    @MethodSource("everyState")
    void comesToAnEndWithoutAGap(SwapState start) {
        for (boolean validate : new boolean[] {true, false}) {
            SwapState state = start;
            ForeignKeyDefinition from = OLD.definition();
            boolean covered = covers(state);
            for (int steps = 0; ; steps++) {
                assertThat(steps).as("steps from %s", start).isLessThan(10);
                SwapStep step = SwapStep.next(state, from, WANTED.definition(), validate);
                if (step == COMPLETE || step == GIVE_UP_CHANGED || step == GIVE_UP_NAME_TAKEN) {
                    break;
                }
                if (step == RENAME_STAND_IN && !state.standIn().isExceptValidation(WANTED.definition())) {
                    from = state.standIn().definition();
                }
                state = after(step, state, validate);
                assertThat(!covered || covers(state))
                        .as("%s, then %s", start, step)
                        .isTrue();
                covered |= covers(state);
            }
        }
    }

    private static SwapState after(SwapStep step, SwapState state, boolean validate) {
        TableConstraint original = state.original();
        TableConstraint standIn = state.standIn();
        return switch (step) {
            case ADD_STAND_IN -> new SwapState(original, constraint(ReferentialAction.CASCADE, validate));
            case VALIDATE_STAND_IN -> new SwapState(original, validated(standIn));
            case DROP_ORIGINAL -> new SwapState(null, standIn);
            case RENAME_STAND_IN -> new SwapState(standIn, null);
            case DROP_STAND_IN -> new SwapState(original, null);
            case VALIDATE_ORIGINAL -> new SwapState(validated(original), standIn);
            default -> throw new AssertionError(step);
        };
    }

    private static boolean covers(SwapState state) {
        return state.original() != null && state.original().connectsSameColumns(OLD.definition())
                || state.standIn() != null && state.standIn().connectsSameColumns(OLD.definition());
    }

    private static SwapStep next(TableConstraint original, TableConstraint standIn) {
        return SwapStep.next(new SwapState(original, standIn), OLD.definition(), WANTED.definition(), true);
    }

    private static TableConstraint validated(TableConstraint constraint) {
        return new TableConstraint(
                constraint.oid(), constraint.name(), constraint.definition().withValidated(true));
    }

    private static TableConstraint onOtherColumn() {
        return new TableConstraint(2, "x", definition("guest_id", ReferentialAction.CASCADE, true));
    }

    private static TableConstraint constraint(ReferentialAction action, boolean validated) {
        return new TableConstraint(1, "x", definition("user_id", action, validated));
    }

    private static ForeignKeyDefinition definition(String column, ReferentialAction action, boolean validated) {
        return new ForeignKeyDefinition(
                List.of(column),
                new TableName("public", "users"),
                List.of("id"),
                MatchType.SIMPLE,
                action,
                List.of(),
                ReferentialAction.NO_ACTION,
                Deferrability.NOT_DEFERRABLE,
                validated,
                true);
    }
}
