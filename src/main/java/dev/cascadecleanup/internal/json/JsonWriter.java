package dev.cascadecleanup.internal.json;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, collections, strings, numbers, booleans and null as JSON (RFC 8259). */
public final class JsonWriter {

    private static final int FORMAT_VERSION = 1;

    private final StringBuilder json = new StringBuilder();

    private JsonWriter() {}

    /** A report as one object, which begins with the version of its shape. Shapes only ever grow; the version says where they did not. */
    public static String document(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("formatVersion", FORMAT_VERSION);
        document.putAll(object(keysAndValues));
        return write(document);
    }

    /** The value as JSON text, without white space. */
    public static String write(@Nullable Object value) {
        JsonWriter writer = new JsonWriter();
        writer.value(value);
        return writer.json.toString();
    }

    /** An object with these keys and values, in this order. */
    public static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    private void value(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            json.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.append(separator);
                string(entry.getKey().toString());
                json.append(':');
                value(entry.getValue());
                separator = ",";
            }
            json.append('}');
        } else if (value instanceof Collection<?> collection) {
            json.append('[');
            String separator = "";
            for (Object element : collection) {
                json.append(separator);
                value(element);
                separator = ",";
            }
            json.append(']');
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            string(value.toString());
        }
    }

    private void string(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
