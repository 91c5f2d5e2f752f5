package dev.cascadecleanup.consumers;

import dev.cascadecleanup.report.OutcomeRecorder;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestServer;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The jar that was compiled against the newest Flyway, under the older ones that people run, and on other JDKs: the tests of this
 * build, in a JVM of their own with another class path.
 */
class FlywayLinesIT {

    static final List<String> OLDER = List.of("10.22.0", "11.20.3", "12.11.0");
    private static final String NEWEST = Consumers.property("flyway.version");
    private static final List<Integer> JDKS = List.of(17, 25);

    /** The guard as a callback, the history, the undo as a registered migration, and indexes built under Flyway's lock or before it. */
    private static final List<String> BRIEFLY = Stream.of(
                    "GuardTest#failsMigrateAndNamesTheClassThatMendsIt",
                    "GuardTest#onlyWarnsOnValidate",
                    "HistoryTest",
                    "IndexesUnderFlywayTest#refusedBeforeAnythingIsChanged",
                    "IndexesUnderFlywayTest#withALockOfTheSession",
                    "IndexesUnderFlywayTest#builtAheadByTheCallback",
                    "ScanTest")
            .map(FlywayLinesIT::contract)
            .toList();
    /** All that has to do with Flyway, and the two real schemas from the first migration to the erased person. */
    private static final List<String> AT_LENGTH = Stream.concat(
                    Stream.of(
                                    "GuardTest",
                                    "HistoryTest",
                                    "IndexesUnderFlywayTest",
                                    "ScanTest",
                                    "OptionsTest",
                                    "UndoTest")
                            .map(FlywayLinesIT::contract),
                    Stream.of("dev.cascadecleanup.realschemas"))
            .toList();

    @ParameterizedTest
    @FieldSource("OLDER")
    void worksUnder(String flyway) {
        run(Path.of(System.getProperty("java.home")), flyway, List.of(Postgres.newest()), BRIEFLY);
    }

    /** Every version of Flyway and PostgreSQL on every JDK. */
    @ParameterizedTest
    @MethodSource
    @EnabledIfSystemProperty(named = "cascade.matrix", matches = "true", disabledReason = "part of mvn verify -Pmatrix")
    void matrix(int java, String flyway) {
        Optional<Jdk> jdk = Jdk.of(java);
        Assumptions.assumeTrue(
                jdk.isPresent(), () -> "no JDK " + java + " was found; -Dcascade.test.jdks=/its/home names one");
        run(jdk.get().home(), flyway, Postgres.all(), AT_LENGTH);
    }

    static Stream<Arguments> matrix() {
        return JDKS.stream()
                .flatMap(java ->
                        Stream.concat(OLDER.stream(), Stream.of(NEWEST)).map(flyway -> Arguments.of(java, flyway)));
    }

    private static String contract(String test) {
        return "dev.cascadecleanup.contract." + test;
    }

    private static void run(Path jdk, String flyway, List<TestServer> servers, List<String> tests) {
        String majors =
                servers.stream().map(server -> String.valueOf(server.major())).collect(Collectors.joining(","));
        Program.java(
                        jdk,
                        Path.of(""),
                        "-cp",
                        classPath(flyway),
                        "-Dcascade.test.postgres=" + majors,
                        "-Dcascade.test.cockroach.image=none",
                        "-Dcascade.matrix=" + System.getProperty("cascade.matrix"),
                        "-D" + OutcomeRecorder.DIRECTORY + "="
                                + System.getProperty(OutcomeRecorder.DIRECTORY, "target/it/outcomes"),
                        LaunchTests.class.getName())
                .with(tests.toArray(String[]::new))
                .run()
                .requireSuccess();
    }

    /** That of the tests, with another Flyway in front. */
    private static String classPath(String flyway) {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path project = Consumers.copy("flyway-line");
        Consumers.maven(project, "-Dline.version=" + flyway, "package").run().requireSuccess();
        return project.resolve(flyway) + File.separator + "*" + File.pathSeparator
                + Arrays.stream(own.split(File.pathSeparator))
                        .filter(entry ->
                                !Path.of(entry).getFileName().toString().startsWith("flyway-core-"))
                        .filter(entry ->
                                !Path.of(entry).getFileName().toString().startsWith("flyway-database-"))
                        .collect(Collectors.joining(File.pathSeparator));
    }
}
