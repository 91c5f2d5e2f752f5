package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.Judgement;
import dev.cascadecleanup.plan.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClosureTest {

    private static final CascadeOptions DIRECT = CascadeOptions.defaults();
    private static final CascadeOptions CLOSURE =
            DIRECT.toBuilder().scope(CascadeOptions.Scope.CLOSURE).build();

    private final GraphByHand graph = new GraphByHand();
    private final Table users = graph.table("users");
    private final Table chats = graph.table("chats");
    private final Table notes = graph.table("notes");
    private final ForeignKey chatOfUser = key("of_user", chats, users, "user_id");

    @Test
    void convertsWhatHangsBelowDeepestFirst() {
        Table lines = graph.table("lines");
        ForeignKey noteOfChat = key("of_chat", notes, chats, "chat_id");
        ForeignKey lineOfNote = key("of_note", lines, notes, "note_id");
        CascadePlan plan = graph.plan(CLOSURE);
        assertThat(plan.conversions())
                .extracting(Conversion::foreignKey)
                .containsExactly(lineOfNote, noteOfChat, chatOfUser);
        assertThat(plan.open()).isEmpty();
    }

    @Test
    void leavesCrossLinksAlone() {
        key("of_user", notes, users, "user_id");
        ForeignKey link = key("of_chat", notes, chats, "chat_id");
        CascadePlan plan = graph.plan(CLOSURE);
        assertThat(plan.conversions()).extracting(Conversion::foreignKey).doesNotContain(link);
        assertThat(plan.open()).singleElement().satisfies(open -> {
            assertThat(open.foreignKey()).isSameAs(link);
            assertThat(open.judgement()).isEqualTo(new Judgement(Fate.GOES, Fate.REFUSES, Fate.GOES, Fate.NO_SUCH_ROW));
        });
        assertThat(plan.advice().closure()).containsExactly("notes.chat_id");
        for (CascadeOptions decided : List.of(
                CLOSURE.toBuilder().closure("notes.chat_id").build(),
                CLOSURE.toBuilder().keep("notes.chat_id").build(),
                CLOSURE.toBuilder().accept("notes.chat_id").build(),
                DIRECT.toBuilder().accept("notes.chat_id").build())) {
            assertThat(graph.plan(decided).problems()).isEmpty();
            assertThat(graph.plan(decided).open()).isEmpty();
        }
    }

    /** A row goes with the chat that it references, and is of the person whom it names, whose foreign key takes nothing along. */
    @Test
    void whoseARowIsAndWithWhomItGoesMayDiffer() {
        key("of_user", notes, users, "user_id");
        graph.foreignKey("of_chat", notes, chats, fk -> {
            fk.columns = List.of("chat_id");
            fk.onDelete = ReferentialAction.CASCADE;
        });
        ForeignKey twin = key("of_chat_again", notes, chats, "chat_id");
        CascadePlan plan = graph.plan(DIRECT.toBuilder().keep("notes.user_id").build());
        assertThat(plan.open())
                .filteredOn(open -> open.foreignKey() == twin)
                .singleElement()
                .satisfies(link -> assertThat(link.judgement().ofOthers()).isEqualTo(Fate.ANY_ORDER));
    }

    @Test
    void ofTwoEqualWaysInOneIsEnoughAndTheOtherIsNamed() {
        Table docs = graph.table("docs");
        key("of_user", docs, users, "user_id");
        ForeignKey first = key("a", notes, chats, "chat_id");
        ForeignKey second = key("b", notes, docs, "doc_id");
        CascadePlan plan = graph.plan(CLOSURE);
        assertThat(plan.conversions())
                .extracting(Conversion::foreignKey)
                .contains(first)
                .doesNotContain(second);
        assertThat(plan.open())
                .singleElement()
                .satisfies(link -> assertThat(link.judgement())
                        .isEqualTo(new Judgement(Fate.ANY_ORDER, Fate.REFUSES, Fate.GOES, Fate.NO_SUCH_ROW)));
        assertThat(graph.plan(GraphByHand.cockroach(), CLOSURE).open())
                .singleElement()
                .satisfies(link -> assertThat(link.judgement().own()).isEqualTo(Fate.GOES));
        // Once the one is named, the table has a way in, and the closure would not convert the other by itself any
        // more.
        assertFollowed(plan, "notes.chat_id", "notes.doc_id");
    }

    @Test
    void nullableLinksAreConvertedOnlyWhenNamed() {
        ForeignKey link = graph.foreignKey("of_chat", notes, chats, fk -> {
            fk.columns = List.of("chat_id");
            fk.nullable = Set.of("chat_id");
        });
        assertThat(graph.plan(CLOSURE).conversions())
                .extracting(Conversion::foreignKey)
                .containsExactly(chatOfUser);
        CascadePlan named =
                graph.plan(CLOSURE.toBuilder().closure("notes.chat_id").build());
        assertThat(named.conversions()).extracting(Conversion::foreignKey).containsExactly(link, chatOfUser);
        assertThat(named.hazards()).extracting(Hazard::kind).contains(Hazard.Kind.LOOSE_LINK);
        assertThat(named.open()).isEmpty();
    }

    @Test
    void notValidIsNoGuarantee() {
        graph.foreignKey("of_user", notes, users, fk -> fk.validated = false);
        key("of_chat", notes, chats, "chat_id");
        assertThat(graph.plan(CLOSURE).open())
                .singleElement()
                .satisfies(link -> assertThat(link.judgement().withoutOwner()).isEqualTo(Fate.REFUSES));
        assertThat(graph.plan(CLOSURE.toBuilder().validate(false).build()).open())
                .singleElement()
                .satisfies(link -> assertThat(link.judgement().withoutOwner()).isEqualTo(Fate.NO_SUCH_ROW));
    }

    @Test
    void directSaysWhatWouldCloseTheRest() {
        key("of_chat", notes, chats, "chat_id");
        CascadePlan plan = graph.plan();
        assertThat(plan.open())
                .singleElement()
                .satisfies(link -> assertThat(link.verdict()).isEqualTo(Verdict.REFUSES));
        assertThat(plan.advice().lines()).containsExactly("cascade_scope = closure");
        assertThat(plan.advice().byScope()).containsExactly("notes.of_chat");
    }

    @Test
    void deferredIsCheckedAtCommit() {
        Table lines = graph.table("lines");
        key("of_chat", notes, chats, "chat_id");
        key("of_note", lines, notes, "note_id");
        graph.foreignKey("late", lines, chats, fk -> {
            fk.columns = List.of("chat_id");
            fk.nullable = Set.of("chat_id");
        });
        CascadePlan plan =
                graph.plan(CLOSURE.toBuilder().closure("lines.chat_id=defer").build());
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.conversions())
                .filteredOn(conversion -> conversion.foreignKey().name().equals("late"))
                .singleElement()
                .satisfies(conversion -> {
                    assertThat(conversion.target().deferrability()).isEqualTo(Deferrability.INITIALLY_DEFERRED);
                    assertThat(conversion.target().onDelete()).isEqualTo(ReferentialAction.NO_ACTION);
                });
        assertThat(plan.open())
                .singleElement()
                .satisfies(link -> assertThat(link.judgement().own()).isEqualTo(Fate.GOES));
        assertThat(plan.advice().accept()).containsExactly("lines.chat_id");
        assertThat(graph.plan(CLOSURE.toBuilder()
                                .closure("lines.chat_id=defer")
                                .accept("lines.chat_id")
                                .build())
                        .open())
                .isEmpty();
    }

    /** A row of lines may lose its chat and its doc in one delete; the second update then checks lines.note_id before its cascade. */
    @Test
    void twoUpdatesOfARowCheckItsOtherForeignKeysTooEarly() {
        Table docs = graph.table("docs");
        Table lines = graph.table("lines");
        key("of_user", docs, users, "user_id");
        cascading("of_chat", notes, chats, "chat_id");
        ForeignKey late = cascading("late", lines, notes, "note_id");
        setNull("chat", lines, chats, "chat_id");
        assertThat(graph.plan(CLOSURE).open()).as("one update").isEmpty();
        setNull("doc", lines, docs, "doc_id");

        CascadePlan plan = graph.plan(CLOSURE);
        assertThat(plan.open()).singleElement().satisfies(link -> {
            assertThat(link.foreignKey()).isSameAs(late);
            assertThat(link.verdict()).isEqualTo(Verdict.ORDER_DEPENDENT);
        });
        assertAdvised("lines.note_id=cascade+defer");
        assertThat(graph.plan(GraphByHand.cockroach(), CLOSURE).open()).isEmpty();
    }

    /** The same where it is the closure that makes it cascade, and where the columns are composite. */
    @Test
    void twoUpdatesOfARowWhoseOtherForeignKeyTheClosureConverts() {
        Table docs = graph.table("docs");
        Table lines = graph.table("lines");
        key("of_user", docs, users, "user_id");
        key("of_chat", notes, chats, "chat_id");
        graph.foreignKey("late", lines, notes, fk -> fk.columns = List.of("tenant_id", "note_id"));
        for (Table referenced : List.of(chats, docs)) {
            graph.foreignKey("of_" + referenced.name().name(), lines, referenced, fk -> {
                fk.columns = List.of("tenant_id", referenced.name().name());
                fk.nullable = Set.of(referenced.name().name());
                fk.onDelete = ReferentialAction.SET_NULL;
                fk.onDeleteColumns = List.of(referenced.name().name());
            });
        }
        assertThat(graph.plan(CLOSURE).open())
                .extracting(link -> link.foreignKey().name())
                .containsExactly("late");
        assertAdvised("lines.late=cascade+defer");
    }

    /** An option cannot name those on the parent for this. */
    @Test
    void updatesByForeignKeysOnTheParentItselfAreOnlyReported() {
        graph.foreignKey("manager", users, users, fk -> {
            fk.columns = List.of("manager_id");
            fk.nullable = Set.of("manager_id");
            fk.onDelete = ReferentialAction.CASCADE;
        });
        for (String actor : List.of("writer_id", "editor_id", "reader_id")) {
            setNull(actor, notes, users, actor);
        }
        CascadePlan plan = graph.plan(CLOSURE.toBuilder()
                .setNull("notes.writer_id, notes.editor_id, notes.reader_id")
                .build());
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.open()).isNotEmpty();
        assertThat(plan.advice().closure()).isEmpty();
    }

    /** The advice is this, and nothing is open once it is followed. */
    private void assertFollowed(CascadePlan plan, String... closure) {
        assertThat(plan.advice().closure()).containsExactly(closure);
        CascadePlan followed = graph.plan(
                CLOSURE.toBuilder().closure(String.join(",", closure)).build());
        assertThat(followed.problems()).isEmpty();
        assertThat(followed.open()).isEmpty();
    }

    private void assertAdvised(String closure) {
        assertThat(graph.plan(CLOSURE).advice().closure()).containsExactly(closure);
        CascadePlan advised = graph.plan(CLOSURE.toBuilder().closure(closure).build());
        assertThat(advised.problems()).isEmpty();
        assertThat(advised.open()).isEmpty();
        assertThat(advised.conversions())
                .filteredOn(conversion -> conversion.foreignKey().name().equals("late"))
                .singleElement()
                .satisfies(conversion -> {
                    assertThat(conversion.target().onDelete()).isEqualTo(ReferentialAction.CASCADE);
                    assertThat(conversion.target().deferrability()).isEqualTo(Deferrability.INITIALLY_DEFERRED);
                });
    }

    private ForeignKey cascading(String name, Table table, Table referenced, String column) {
        return graph.foreignKey(name, table, referenced, fk -> {
            fk.columns = List.of(column);
            fk.onDelete = ReferentialAction.CASCADE;
        });
    }

    private void setNull(String name, Table table, Table referenced, String column) {
        graph.foreignKey(name, table, referenced, fk -> {
            fk.columns = List.of(column);
            fk.nullable = Set.of(column);
            fk.onDelete = ReferentialAction.SET_NULL;
        });
    }

    @Test
    void keepAndSetNullReachBelow() {
        ForeignKey link = graph.foreignKey("of_chat", notes, chats, fk -> {
            fk.columns = List.of("chat_id");
            fk.nullable = Set.of("chat_id");
        });
        CascadePlan setNull =
                graph.plan(CLOSURE.toBuilder().setNull("notes.chat_id").build());
        assertThat(setNull.conversions()).extracting(Conversion::foreignKey).containsExactly(link, chatOfUser);
        assertThat(setNull.conversions().get(0).target().onDelete()).isEqualTo(ReferentialAction.SET_NULL);
        CascadePlan keep = graph.plan(CLOSURE.toBuilder().keep("notes.of_chat").build());
        assertThat(keep.kept()).extracting(CascadePlan.Kept::foreignKey).containsExactly(link);
        assertThat(keep.advice().lines()).isEmpty();
    }

    @Test
    void referencesOfOtherUsersAreNotCascaded() {
        graph.foreignKey("favourite", users, chats, fk -> {
            fk.columns = List.of("chat_id");
            fk.nullable = Set.of("chat_id");
        });
        CascadePlan plan = graph.plan(CLOSURE);
        assertThat(plan.open())
                .singleElement()
                .satisfies(link -> assertThat(link.verdict()).isEqualTo(Verdict.DEPENDS_ON_DATA));
        assertThat(plan.advice().setNull()).containsExactly("users.chat_id");
    }

    @Test
    void problemsNameTheNextStep() {
        key("of_chat", notes, chats, "chat_id");
        graph.foreignKey("strict", notes, chats, fk -> {
            fk.columns = List.of("other_chat");
            fk.onDelete = ReferentialAction.RESTRICT;
        });
        assertProblem(DIRECT.toBuilder().closure("notes.chat_id").build(), "cascade_scope is direct");
        assertProblem(CLOSURE.toBuilder().closure("notes.chatid").build(), "did you mean notes.chat_id?");
        assertProblem(
                CLOSURE.toBuilder()
                        .closure("notes.chat_id")
                        .keep("notes.of_chat")
                        .build(),
                "by cascade_keep and by cascade_closure");
        assertProblem(
                CLOSURE.toBuilder().closure("notes.strict=defer").build(),
                "ON DELETE RESTRICT, which cannot be deferred");
        assertProblem(CLOSURE.toBuilder().closure("chats.user_id").build(), "no foreign key below users");
        assertThat(graph.plan(
                                GraphByHand.cockroach(),
                                CLOSURE.toBuilder()
                                        .closure("notes.of_chat=defer")
                                        .build())
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.cause()).contains("no deferrable constraints"));
    }

    @Test
    void twoThousandTablesInARow() {
        Table above = notes;
        key("of_chat", notes, chats, "chat_id");
        for (int i = 0; i < 2_000; i++) {
            Table table = graph.table("t" + i);
            for (int k = 0; k < 5; k++) {
                key("k" + k, table, above, "c" + k);
            }
            above = table;
        }
        // Of this thread alone: others may be using the machine.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        CascadePlan plan = graph.plan(GraphByHand.cockroach(), CLOSURE);
        assertThat(plan.conversions()).hasSize(2_002);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    private void assertProblem(CascadeOptions options, String text) {
        assertThat(graph.plan(options).problems())
                .anySatisfy(problem ->
                        assertThat(problem.cause() + problem.remedy()).contains(text));
    }

    private ForeignKey key(String name, Table table, Table referenced, String column) {
        return graph.foreignKey(name, table, referenced, fk -> fk.columns = List.of(column));
    }
}
