package dev.cascadecleanup.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.toml.TomlFactory;

/** Reads a TOML file token by token: a mapper would cost a third of a second at every start. */
final class TomlFile {

    private TomlFile() {}

    /** Its tables as maps, its arrays as lists, everything else as text. */
    static Map<?, ?> read(Path file) {
        try (JsonParser parser = new TomlFactory().createParser(ObjectReadContext.empty(), Files.readString(file))) {
            return parser.nextToken() == JsonToken.START_OBJECT ? table(parser) : Map.of();
        } catch (JacksonException e) {
            throw new CliException(
                    file + " is not TOML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + " (line "
                            + e.getLocation().getLineNr() + "). Correct it, or give --config",
                    e);
        } catch (IOException e) {
            throw new CliException(
                    "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + "). Check --config", e);
        }
    }

    private static Map<String, Object> table(JsonParser parser) {
        Map<String, Object> table = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            table.put(name, value(parser));
        }
        return table;
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> table(parser);
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            default -> parser.getString();
        };
    }
}
