package dev.cascadecleanup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads from flyway.toml what a connection and the options need: {@code flyway.} and {@code environments.<name>.} each with {@code url},
 * {@code user}, {@code password}, {@code schemas}, {@code initSql} and {@code jdbcProperties}; {@code flyway.environment},
 * {@code flyway.defaultSchema}, {@code flyway.table} and {@code flyway.placeholders}, also under {@code environments.<name>.flyway}.
 * Everything else is for Flyway alone.
 */
final class TomlSettings {

    private static final String DEFAULT_ENVIRONMENT = "default";
    private static final List<String> CONNECTION =
            List.of("url", "user", "password", "schemas", "initSql", "jdbcProperties");
    private static final List<String> FLYWAY = List.of("defaultSchema", "table", "placeholders", "schemas");
    /** What Flyway puts in: {@code ${env.NAME}} from the environment; other resolvers are its own. */
    private static final Pattern RESOLVER = Pattern.compile("\\$\\{([A-Za-z]+)\\.([^}]*)}");

    private final Map<String, String> environmentVariables;
    private final Map<String, String> settings = new LinkedHashMap<>();

    private TomlSettings(Map<String, String> environmentVariables) {
        this.environmentVariables = environmentVariables;
    }

    /**
     * The settings, {@code placeholders.} and {@code jdbcProperties.} in front of the names of those; a later file wins.
     *
     * @param environment the one to use, or null for what the files say
     */
    static Map<String, String> read(
            List<Path> files, @Nullable String environment, Map<String, String> environmentVariables) {
        List<Map<?, ?>> roots = files.stream().<Map<?, ?>>map(TomlFile::read).toList();
        String configured = null;
        for (Map<?, ?> root : roots) {
            configured = table(root, "flyway").get("environment") instanceof String text ? text : configured;
        }
        String name = environment != null ? environment : configured != null ? configured : DEFAULT_ENVIRONMENT;
        boolean isThere =
                roots.stream().anyMatch(root -> table(root, "environments").containsKey(name));
        if (!isThere && (environment != null || configured != null)) {
            throw new CliException("there is no environment " + name + " in " + names(files) + ", only "
                    + roots.stream()
                            .flatMap(root -> table(root, "environments").keySet().stream())
                            .distinct()
                            .map(Object::toString)
                            .collect(Collectors.joining(", "))
                    + ". Choose one with --environment");
        }
        TomlSettings reader = new TomlSettings(environmentVariables);
        for (Map<?, ?> root : roots) {
            Map<?, ?> chosen = table(table(root, "environments"), name);
            reader.take(table(root, "flyway"), CONNECTION);
            reader.take(table(root, "flyway"), FLYWAY);
            reader.take(chosen, CONNECTION);
            reader.take(table(chosen, "flyway"), FLYWAY);
        }
        reader.resolve();
        return reader.settings;
    }

    /** The environments that the files have. */
    static List<String> environments(List<Path> files) {
        return files.stream()
                .flatMap(file -> table(TomlFile.read(file), "environments").keySet().stream())
                .map(Object::toString)
                .distinct()
                .toList();
    }

    private static Map<?, ?> table(Map<?, ?> of, String name) {
        return of.get(name) instanceof Map<?, ?> table ? table : Map.of();
    }

    private void take(Map<?, ?> table, List<String> keys) {
        for (String key : keys) {
            Object value = table.get(key);
            if (value instanceof Map<?, ?> entries) {
                entries.forEach((name, each) -> settings.put(key + '.' + name, text(each)));
            } else if (value != null) {
                settings.put(key, text(value));
            }
        }
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(TomlSettings::text).collect(Collectors.joining(","))
                : value.toString();
    }

    /** What only Flyway can resolve, from a vault say, is left out: then a password can still come from elsewhere. */
    private void resolve() {
        settings.entrySet()
                .removeIf(setting -> CONNECTION.contains(setting.getKey())
                        && RESOLVER.matcher(setting.getValue())
                                .results()
                                .anyMatch(match -> !match.group(1).equals("env")));
        settings.replaceAll((key, value) -> CONNECTION.contains(key.replaceFirst("\\..*", ""))
                ? RESOLVER.matcher(value)
                        .replaceAll(match -> Matcher.quoteReplacement(environmentVariable(match.group(2))))
                : value);
    }

    private String environmentVariable(String name) {
        String value = environmentVariables.get(name);
        if (value == null) {
            throw new CliException("flyway.toml wants the environment variable " + name + ", which is not set; set it");
        }
        return value;
    }

    private static String names(List<Path> files) {
        return files.stream()
                .map(file -> file.getFileName().toString())
                .distinct()
                .collect(Collectors.joining(" and "));
    }
}
