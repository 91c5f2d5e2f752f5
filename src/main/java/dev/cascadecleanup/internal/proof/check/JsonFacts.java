package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What conditions about a JSON column say: of which kind it is, which keys it has, what stands under them. */
final class JsonFacts {

    private static final Map<String, String> SAMPLES = Map.of(
            "object", "{}", "array", "[]", "string", "\"proof\"", "number", "1", "boolean", "true", "null", "null");

    private JsonFacts() {}

    /** {@code jsonb_typeof(x) = 'array'}. */
    static void type(Facts facts, String operator, String type) {
        if (operator.equals("=")) {
            facts.sample(SAMPLES.getOrDefault(type, "{}"));
            facts.sample(type.equals("array") ? "[1]" : "{\"proof\": 1}");
        } else {
            SAMPLES.forEach((name, sample) -> {
                if (!name.equals(type)) {
                    facts.sample(sample);
                }
            });
        }
    }

    /** {@code x ->> 'key'} is to have this value. */
    static void member(Facts facts, Expression.Call access, String value) {
        if (access.argument(1) instanceof Expression.Constant key && key.text() != null) {
            facts.member(key.text(), access.is("->") ? value : quoted(value));
        }
    }

    /** {@code x ? 'key'}, {@code x ?& ARRAY['key', ...]}. */
    static void keys(Facts facts, Expression wanted) {
        List<String> keys = new ArrayList<>();
        if (wanted instanceof Expression.Constant constant && constant.text() != null) {
            keys.addAll(
                    constant.text().startsWith("{")
                            ? ArrayConstant.elements(constant.text())
                            : List.of(constant.text()));
        } else {
            keys.addAll(wanted.constants());
        }
        keys.stream()
                .filter(key -> !facts.members().containsKey(key))
                .forEach(key -> facts.member(key, quoted("proof")));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
