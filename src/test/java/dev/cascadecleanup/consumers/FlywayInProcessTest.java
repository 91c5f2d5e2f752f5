package dev.cascadecleanup.consumers;

import dev.cascadecleanup.testing.LogCapture;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.info.MigrationInfoDumper;

/** The Flyway of this build, called as an application does: what its core decides is the same in every front end of its line. */
class FlywayInProcessTest extends PipelineContract {

    @Override
    Output flyway(List<String> commands, Map<String, String> configuration) {
        Flyway flyway = Flyway.configure()
                .dataSource(database.dataSource())
                .configuration(configuration.entrySet().stream()
                        .collect(Collectors.toMap(entry -> "flyway." + entry.getKey(), Map.Entry::getValue)))
                .load();
        StringBuilder out = new StringBuilder();
        try (LogCapture log = LogCapture.open()) {
            String failure = "";
            try {
                commands.forEach(command -> out.append(run(flyway, command)));
            } catch (FlywayException e) {
                failure = e.toString();
            }
            log.lines().forEach(line -> out.append(line).append('\n'));
            return new Output("flyway", failure.isEmpty() ? 0 : 1, out.toString(), failure);
        }
    }

    private static String run(Flyway flyway, String command) {
        switch (command) {
            case "baseline" -> flyway.baseline();
            case "migrate" -> flyway.migrate();
            case "validate" -> flyway.validate();
            case "info" -> {
                return MigrationInfoDumper.dumpToAsciiTable(flyway.info().all());
            }
            default -> throw new IllegalArgumentException(command);
        }
        return "";
    }
}
