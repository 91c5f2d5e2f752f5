package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporaryNamesTest {

    private static final TableName NOTES = new TableName("public", "notes");

    /** Runs of different builds of this library have to recognise each other's work: this very name must never change. */
    @Test
    void isTheSameForEver() {
        assertThat(TemporaryNames.of(NOTES, "of_user")).isEqualTo("of_user_cctmp_c1cb74abd7");
    }

    @Test
    void isDifferentForOthers() {
        assertThat(TemporaryNames.of(NOTES, "of_user"))
                .isNotIn(
                        TemporaryNames.of(NOTES, "of_users"),
                        TemporaryNames.of(new TableName("public", "note"), "of_user"),
                        TemporaryNames.of(new TableName("app", "notes"), "of_user"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ä", "€", "😀", "a😀", "aa😀", "aaa😀"})
    void fitsIntoTheServersLimitWithoutHalfCharacters(String letters) {
        String longest = letters.repeat(63);
        String name = TemporaryNames.of(NOTES, longest);
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isBetween(60, TemporaryNames.MAX_BYTES);
        assertThat(longest).startsWith(name.substring(0, name.indexOf("_cctmp_")));
        assertThat(name.substring(0, name.indexOf("_cctmp_"))).doesNotContain("\uFFFD");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name)).isTrue();
    }

    @Test
    void longNamesThatBeginAlikeStayApart() {
        String beginning = "x".repeat(60);
        assertThat(TemporaryNames.of(NOTES, beginning + "1")).isNotEqualTo(TemporaryNames.of(NOTES, beginning + "2"));
    }

    @Test
    void standInsAreRecognisedBesideTheirForeignKeyOnly() {
        GraphByHand graph = new GraphByHand();
        Table users = graph.table("users");
        Table notes = graph.table("notes");
        Table partition = graph.table("notes_2026", table -> table.partition = true);
        Table logins = graph.table("logins");
        graph.child(partition, notes);
        ForeignKey fk = graph.foreignKey("of_user", notes, users);
        String standIn = TemporaryNames.of(notes.name(), "of_user");
        ForeignKey beside = graph.foreignKey(standIn, notes, users);
        ForeignKey onPartition = graph.foreignKey(standIn, partition, users);
        ForeignKey elsewhere = graph.foreignKey(standIn, logins, users);
        ForeignKey somebodys = graph.foreignKey("my_cctmp_thing", logins, users);

        assertThat(TemporaryNames.standIns(graph.graph())).containsExactlyInAnyOrder(beside, onPartition);
        assertThat(TemporaryNames.withoutStandIns(graph.graph())).containsExactlyInAnyOrder(fk, elsewhere, somebodys);
    }

    @Test
    void withoutItsForeignKeyAStandInIsNotDropped() {
        GraphByHand graph = new GraphByHand();
        Table notes = graph.table("notes");
        graph.foreignKey(TemporaryNames.of(notes.name(), "of_user"), notes, graph.table("users"));
        assertThat(TemporaryNames.standIns(graph.graph())).isEmpty();
    }
}
