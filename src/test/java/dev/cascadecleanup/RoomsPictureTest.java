package dev.cascadecleanup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The picture of the architecture has the rooms that there are, in the order in which they know each other. */
class RoomsPictureTest {

    private record Box(double x, double y, String name) {}

    private static final Pattern NAME =
            Pattern.compile("<text class=\"t\" x=\"([\\d.]+)\" y=\"([\\d.]+)\">([^<]+)</text>");

    @Test
    void showsEveryRoomInItsPlace() throws Exception {
        List<String> fromTheGroundUp = NAME.matcher(Files.readString(Path.of("src", "docs", "rooms.svg")))
                .results()
                .map(box -> new Box(Double.parseDouble(box.group(1)), Double.parseDouble(box.group(2)), box.group(3)))
                .sorted(Comparator.comparing(Box::y).reversed().thenComparing(Box::x))
                .map(Box::name)
                .toList();
        assertThat(fromTheGroundUp)
                .containsSubsequence(ArchitectureTest.ROOMS.stream()
                        // Rooms within a room.
                        .filter(room -> !room.startsWith("internal.proof."))
                        .toList());
    }
}
