package dev.cascadecleanup.contract;

import dev.cascadecleanup.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names that a server stores without complaint and that careless SQL text falls over. */
final class EvilNames {

    /** What an identifier can hold on PostgreSQL, in bytes (manual, 4.1.1). */
    static final int LONGEST = 63;

    private static final List<String> ALL = List.of(
            "Mixed Case",
            "dotted.name",
            "a \"quoted\" word",
            "\"",
            "it's",
            "semi;colon; DROP TABLE users; --",
            "new\nline\r\n-- and\ttab",
            "back\\slash\\",
            "\\'; DROP TABLE users; --",
            "$$dollar$$ $1 $body$",
            "/* comment */ --",
            "{fn now()} ? ?? :name",
            "%s %1$s %n %",
            "[array] (call) a,b=c",
            " blank at both ends ",
            "SELECT",
            "user",
            "größe_Ünïcödé",
            "e\u0301 and \u00e9",
            "表 \uD83E\uDD8A",
            longest("long name "),
            longest("unbroken"),
            longest("ü"),
            longest("\uD83E\uDD8A"));

    /** The same evil in fewer names, for CockroachDB, where each foreign key takes half a second and more. */
    private static final List<String> IN_SHORT = List.of(
            "Mixed Case. \"quoted\" it's;\r\n\t-- DROP TABLE users",
            "back\\slash\\'; $$ $1 /* {fn now()} ? :name %s %1$s",
            "größe e\u0301 \u00e9 表 \uD83E\uDD8A",
            longest("unbroken"),
            longest("\uD83E\uDD8A"));

    private EvilNames() {}

    static List<String> of(TestServer server) {
        return server.isCockroach() ? IN_SHORT : ALL;
    }

    /** For what takes a while with each of them. */
    static List<String> inShort() {
        return IN_SHORT;
    }

    /** In double quotes, as SQL wants it. */
    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** 63 bytes of this text, over and over, filled up with x. */
    static String longest(String text) {
        String name = text.repeat(LONGEST / text.getBytes(StandardCharsets.UTF_8).length);
        return name + "x".repeat(LONGEST - name.getBytes(StandardCharsets.UTF_8).length);
    }
}
