package dev.cascadecleanup.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads from flyway.toml what a connection and the options need: {@code flyway.} and {@code environments.<name>.} each with {@code url},
 * {@code user}, {@code password}, {@code schemas}, {@code initSql} and {@code jdbcProperties}; {@code flyway.environment},
 * {@code flyway.defaultSchema}, {@code flyway.table} and {@code flyway.placeholders}, also under {@code environments.<name>.flyway}.
 * Everything else is for Flyway alone.
 */
final class TomlSettings {

    private static final String DEFAULT_ENVIRONMENT = "default";
    private static final List<String> CONNECTION = List.of("url", "user", "password", "schemas", "initSql", "jdbcProperties");
    private static final List<String> FLYWAY = List.of("defaultSchema", "table", "placeholders", "schemas");
    /** What Flyway puts in: {@code ${env.NAME}} from the environment; other resolvers are its own. */
    private static final Pattern RESOLVER = Pattern.compile("\\$\\{([A-Za-z]+)\\.([^}]*)}");

    private final Map<String, String> environmentVariables;
    private final Map<String, String> settings = new LinkedHashMap<>();

    private TomlSettings(Map<String, String> environmentVariables) {
        this.environmentVariables = environmentVariables;
    }

    /**
     * The settings by their names in flyway.conf; a later file wins.
     *
     * @param environment the one to use, or null for what the files say
     */
    static Map<String, String> read(List<Path> files, String environment, Map<String, String> environmentVariables) {
        List<JsonNode> roots = files.stream().map(TomlSettings::parse).toList();
        String configured = null;
        for (JsonNode root : roots) {
            configured = root.path("flyway").path("environment").asString(configured);
        }
        String name = environment != null ? environment : configured != null ? configured : DEFAULT_ENVIRONMENT;
        boolean isThere = roots.stream().anyMatch(root -> root.path("environments").has(name));
        if (!isThere && (environment != null || configured != null)) {
            throw new CliException("there is no environment " + name + " in " + names(files) + ", only "
                    + roots.stream().flatMap(root -> root.path("environments").propertyNames().stream()).distinct()
                    .collect(Collectors.joining(", ")) + ". Choose one with --environment");
        }
        TomlSettings reader = new TomlSettings(environmentVariables);
        for (JsonNode root : roots) {
            JsonNode chosen = root.path("environments").path(name);
            reader.take(root.path("flyway"), CONNECTION);
            reader.take(root.path("flyway"), FLYWAY);
            reader.take(chosen, CONNECTION);
            reader.take(chosen.path("flyway"), FLYWAY);
        }
        reader.resolve();
        return reader.settings;
    }

    private static JsonNode parse(Path file) {
        try {
            return new TomlMapper().readTree(Files.readString(file));
        } catch (JacksonException e) {
            throw new CliException(file + " is not TOML: " + e.getOriginalMessage().lines().findFirst().orElse("") + " (line "
                    + e.getLocation().getLineNr() + "). Correct it, or give --config", e);
        } catch (IOException e) {
            throw new CliException("the file " + file + " cannot be read (" + e.getClass().getSimpleName() + "). Check --config", e);
        }
    }

    private void take(JsonNode table, List<String> keys) {
        for (String key : keys) {
            JsonNode value = table.path(key);
            if (value.isObject()) {
                value.forEachEntry((name, each) -> settings.put("flyway." + key + '.' + name, text(each)));
            } else if (!value.isMissingNode()) {
                settings.put("flyway." + key, text(value));
            }
        }
    }

    private static String text(JsonNode value) {
        return value.isArray() ? value.valueStream().map(TomlSettings::text).collect(Collectors.joining(",")) : value.asString("");
    }

    /** What only Flyway can resolve, from a vault say, is left out: then a password can still come from elsewhere. */
    private void resolve() {
        settings.entrySet().removeIf(setting -> CONNECTION.stream().anyMatch(key -> setting.getKey().equals("flyway." + key))
                && RESOLVER.matcher(setting.getValue()).results().anyMatch(match -> !match.group(1).equals("env")));
        settings.replaceAll((key, value) -> key.startsWith("flyway.placeholders.") ? value : RESOLVER.matcher(value)
                .replaceAll(match -> Matcher.quoteReplacement(environmentVariable(match.group(2)))));
    }

    private String environmentVariable(String name) {
        String value = environmentVariables.get(name);
        if (value == null) {
            throw new CliException("flyway.toml wants the environment variable " + name + ", which is not set; set it");
        }
        return value;
    }

    private static String names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).distinct().collect(Collectors.joining(" and "));
    }
}
