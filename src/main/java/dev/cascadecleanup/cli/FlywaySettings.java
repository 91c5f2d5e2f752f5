package dev.cascadecleanup.cli;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's settings as Flyway itself would find them, so that a project that runs Flyway needs no others. Where there is a flyway.toml, it
 * is read and flyway.conf is not, as Flyway's command line has it; environment variables win over both.
 */
final class FlywaySettings {

    private static final String CONFIG_FILES = "FLYWAY_CONFIG_FILES";
    private static final String ENVIRONMENT = "FLYWAY_ENVIRONMENT";
    private static final List<String> CONF_FILES = List.of("flyway.conf");
    private static final List<String> TOML_FILES = List.of("flyway.toml", "flyway.user.toml");

    /**
     * What was found.
     *
     * @param flyway all but the connection, if that comes from a flyway.toml
     * @param toml the settings of flyway.toml, which environment variables win over; empty if there is none
     * @param environments those of flyway.toml, of which one can be chosen
     */
    record Found(FluentConfiguration flyway, Map<String, String> toml, List<String> environments) {

        @Nullable
        String url() {
            return flyway.getUrl() != null ? flyway.getUrl() : toml.get("url");
        }

        @Nullable
        String user() {
            return flyway.getUser() != null ? flyway.getUser() : toml.get("user");
        }

        @Nullable
        String password() {
            return flyway.getPassword() != null ? flyway.getPassword() : toml.get("password");
        }

        Map<String, String> jdbcProperties() {
            Map<String, String> properties = withPrefix(toml, "jdbcProperties.");
            properties.putAll(flyway.getJdbcProperties());
            return properties;
        }
    }

    private final Terminal terminal;
    private final OutputOptions output;

    FlywaySettings(Terminal terminal, OutputOptions output) {
        this.terminal = terminal;
        this.output = output;
    }

    /**
     * The settings.
     *
     * @throws CliException if a file is missing or cannot be understood
     */
    Found load(ConnectionOptions options) {
        Map<String, String> fromToml = Map.of();
        List<String> environments = List.of();
        FluentConfiguration configuration = new FluentConfiguration();
        try {
            List<Path> files = files(options);
            List<Path> toml = files.isEmpty()
                    ? inDefaultPlaces(TOML_FILES)
                    : files.stream().filter(FlywaySettings::isToml).toList();
            if (!toml.isEmpty()) {
                toml.forEach(file -> say("settings from " + file));
                fromToml = TomlSettings.read(toml, environment(options), terminal.environment());
                environments = TomlSettings.environments(toml);
                apply(fromToml, configuration);
            } else if (files.isEmpty() && !inDefaultPlaces(CONF_FILES).isEmpty()) {
                inDefaultPlaces(CONF_FILES).forEach(file -> say("settings from " + file));
                configuration.loadDefaultConfigurationFiles();
            }
            for (Path file : files) {
                if (!isToml(file)) {
                    say("settings from " + file);
                    configuration.configuration(conf(file));
                }
            }
            // Where there is nothing to read it is left out: it costs Flyway up to a second.
            if (terminal.environment().keySet().stream().anyMatch(name -> name.startsWith("FLYWAY_"))) {
                configuration.envVars();
            }
            return new Found(configuration, fromToml, environments);
        } catch (FlywayException e) {
            throw new CliException(
                    "Flyway's settings cannot be read: " + firstLine(e) + ". Correct them, or give --config and --url",
                    e);
        }
    }

    /** By the setters: Flyway's own reading of a map of settings takes most of a second. */
    private static void apply(Map<String, String> toml, FluentConfiguration configuration) {
        if (toml.containsKey("schemas")) {
            configuration.schemas(toml.get("schemas").split(","));
        }
        if (toml.containsKey("defaultSchema")) {
            configuration.defaultSchema(toml.get("defaultSchema"));
        }
        if (toml.containsKey("table")) {
            configuration.table(toml.get("table"));
        }
        if (toml.containsKey("initSql")) {
            configuration.initSql(toml.get("initSql"));
        }
        configuration.placeholders(withPrefix(toml, "placeholders."));
    }

    private static Map<String, String> withPrefix(Map<String, String> settings, String prefix) {
        Map<String, String> found = new HashMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private List<Path> files(ConnectionOptions options) {
        if (options.configuration() != null) {
            return options.configuration();
        }
        String files = terminal.environment().getOrDefault(CONFIG_FILES, "");
        return Arrays.stream(files.split(","))
                .map(String::strip)
                .filter(file -> !file.isEmpty())
                .map(Path::of)
                .toList();
    }

    private @Nullable String environment(ConnectionOptions options) {
        return options.environment() != null
                ? options.environment()
                : terminal.environment().get(ENVIRONMENT);
    }

    /** Next to the jar, at home, here: the last one wins. */
    private static List<Path> inDefaultPlaces(List<String> names) {
        return Stream.of(nextToJar().resolve("conf"), Path.of(System.getProperty("user.home")), Path.of(""))
                .flatMap(folder -> names.stream().map(folder::resolve))
                .filter(Files::isRegularFile)
                .map(Path::toAbsolutePath)
                .distinct()
                .toList();
    }

    private static Path nextToJar() {
        try {
            return Objects.requireNonNull(Path.of(FlywaySettings.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath()
                    .getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isToml(Path file) {
        return file.toString().endsWith(".toml");
    }

    /** Flyway reads only conf files in its own places publicly. A backslash is no escape in them. */
    private static Map<String, String> conf(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            Properties properties = new Properties();
            properties.load(
                    new StringReader(lines.map(FlywaySettings::withoutEscapes).collect(Collectors.joining("\n"))));
            Map<String, String> settings = new HashMap<>();
            properties.forEach((key, value) -> settings.put((String) key, (String) value));
            return settings;
        } catch (IOException | UncheckedIOException e) {
            throw new CliException(
                    "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + "). Check --config", e);
        }
    }

    /** But for one at the end, which continues the line. */
    private static String withoutEscapes(String line) {
        boolean continued = line.endsWith("\\");
        String escaped = line.substring(0, line.length() - (continued ? 1 : 0)).replace("\\", "\\\\");
        return continued ? escaped + '\\' : escaped;
    }

    private void say(String what) {
        if (output.verbose()) {
            terminal.err().println(what);
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage())
                .strip()
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\.$", "");
    }
}
