package dev.cascadecleanup.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import db.migration.V060__CascadeCleanup;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;

/** The two jars as a service gets them. Needs the phase {@code package}; there the default one is on the tests' class path. */
class JarsIT {

    private static final Path TARGET = Path.of("target");
    private static final String COMMAND_LINE = "dev/cascadecleanup/cli/";
    private static final String READY_MADE = "db/migration/V060__CascadeCleanup.class";

    private final Pom pom = Pom.read(Path.of("pom.xml"));

    @Test
    void theDefaultJarHasEveryClassButTheCommandLine() throws IOException {
        Set<String> library = compiledClasses();
        assertThat(library).contains(READY_MADE);
        assertThat(library).allMatch(name -> name.equals(READY_MADE) || name.startsWith("dev/cascadecleanup/"));
        library.removeIf(name -> name.startsWith(COMMAND_LINE));
        assertThat(entries(jar(""))).isEqualTo(library);
    }

    @Test
    void theCoreJarHasNothingThatAScanFinds() throws IOException {
        Set<String> library = compiledClasses();
        library.removeIf(name -> name.startsWith("db/") || name.startsWith(COMMAND_LINE));
        assertThat(entries(jar("-core"))).isEqualTo(library);
    }

    @Test
    void bothAreTheSameModule() throws IOException {
        for (String classifier : new String[] {"", "-core"}) {
            try (JarFile jar = new JarFile(jar(classifier).toFile())) {
                assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                        .isEqualTo("dev.cascadecleanup");
            }
        }
    }

    @Test
    void theSourcesAndTheJavadocAreThereForEveryClass() throws IOException {
        Set<String> sources = entries(jar("-sources"));
        Set<String> pages = entries(jar("-javadoc"));
        for (String name : compiledClasses()) {
            assertThat(sources).contains(name.replaceAll("(\\$.+)?\\.class$", ".java"));
        }
        assertThat(pages).contains("index.html");
        // In a folder for the module, or not: that depends on whether the jar was there before the pages.
        assertThat(pages).anyMatch(page -> page.endsWith("db/migration/V060__CascadeCleanup.html"));
        assertThat(pages).anyMatch(page -> page.endsWith("dev/cascadecleanup/CascadeCleanup.html"));
    }

    @Test
    void everyJarHasTheLicenceInIt() throws IOException {
        byte[] licence = Files.readAllBytes(Path.of("src", "main", "license", "LICENSE"));
        for (String classifier : new String[] {"", "-core", "-cli", "-sources", "-javadoc"}) {
            try (JarFile jar = new JarFile(jar(classifier).toFile())) {
                assertThat(jar.getEntry("META-INF/LICENSE")).as(classifier).isNotNull();
                assertThat(jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes())
                        .isEqualTo(licence);
            }
        }
    }

    @Test
    void thePomHasWhatMavenCentralAsksFor() {
        assertThat(pom.has("name")).isTrue();
        assertThat(pom.has("description")).isTrue();
        assertThat(pom.has("url")).isTrue();
        assertThat(pom.has("licenses", "license", "name")).isTrue();
        assertThat(pom.has("licenses", "license", "url")).isTrue();
        assertThat(pom.has("developers", "developer", "name")).isTrue();
        assertThat(pom.has("scm", "connection")).isTrue();
        assertThat(pom.has("scm", "developerConnection")).isTrue();
        assertThat(pom.has("scm", "url")).isTrue();
    }

    @Test
    void theLibraryBringsNoDependency() {
        assertThat(pom.dependenciesThatUsersGet()).isEmpty();
        assertThat(pom.scopeOf("flyway-core")).isEqualTo("provided");
        assertThat(pom.scopeOf("picocli")).isEqualTo("provided");
    }

    @Test
    void flywayFindsV060InTheJar() throws Exception {
        assertThat(Path.of(V060__CascadeCleanup.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()))
                .isEqualTo(jar("").toAbsolutePath());
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            database.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY)",
                    "CREATE TABLE notes (user_id bigint NOT NULL CONSTRAINT of_user REFERENCES users)");
            MigrateResult result = Flyway.configure()
                    .dataSource(database.dataSource())
                    .baselineOnMigrate(true)
                    .load()
                    .migrate();
            assertThat(result.migrations)
                    .singleElement()
                    .satisfies(migration -> assertThat(migration.version).isEqualTo("060"));
            assertThat(database.<String>value("SELECT confdeltype::text FROM pg_constraint WHERE conname = 'of_user'"))
                    .isEqualTo("c");
        }
    }

    /** Quarkus takes from it what to run: V060 where the jar has it, and never the undo. */
    @Test
    void bothHaveAnIndexOfTheMigrations() throws Exception {
        for (String classifier : new String[] {"", "-core"}) {
            try (JarFile jar = new JarFile(jar(classifier).toFile())) {
                byte[] index =
                        jar.getInputStream(jar.getEntry("META-INF/jandex.idx")).readAllBytes();
                String names = new String(index, StandardCharsets.ISO_8859_1);
                assertThat(names).contains("CascadeMigration").doesNotContain("U060");
                assertThat(names.contains("V060__CascadeCleanup")).isEqualTo(classifier.isEmpty());
            }
        }
    }

    private Path jar(String classifier) {
        return TARGET.resolve(pom.artifactId() + "-" + pom.version() + classifier + ".jar");
    }

    /** What the compiler made of src/main; the build removes none of it. */
    private static Set<String> compiledClasses() throws IOException {
        Path root = TARGET.resolve("classes");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.startsWith("META-INF/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The files in a jar, without those that describe it. */
    private static Set<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .filter(entry -> !entry.isDirectory() && !entry.getName().startsWith("META-INF/"))
                    .map(ZipEntry::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
