package dev.cascadecleanup.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A URL of which only the server and the database are ever shown. What stands behind the question mark, or before the {@code @}, may be
 * a password under any of the driver's names for one.
 */
record JdbcUrl(String text) {

    private static final Pattern CREDENTIALS = Pattern.compile("//([^/]*)@");
    private static final String HIDDEN = "***";
    private static final List<String> PUBLIC_PROPERTIES =
            List.of("user", "ApplicationName", "connectTimeout", "readOnly");

    String shown() {
        return text.replaceFirst("(?s)[?;].*", "").replaceFirst("(?s)//[^/]*@", "//");
    }

    /** A message of the driver, without what may not be shown. */
    String withoutSecrets(String message, Properties properties) {
        String hidden = message.replace(text, shown());
        for (String secret : secrets(properties)) {
            hidden = hidden.replaceAll("(?<![\\w.])" + Pattern.quote(secret) + "(?![\\w.])", HIDDEN);
        }
        return hidden;
    }

    /** Whether a stack trace would show anything of it. */
    boolean isSecretIn(Throwable error, Properties properties) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            if (!withoutSecrets(message, properties).equals(message)) {
                return true;
            }
        }
        return false;
    }

    /** What is not shown: who and how, in the URL and beside it, the longest first. */
    private List<String> secrets(Properties properties) {
        Matcher credentials = CREDENTIALS.matcher(text);
        Stream<String> ofUser = credentials.find()
                ? Stream.of(credentials.group(1), credentials.group(1) + '@')
                        .flatMap(each -> Stream.of(each, each.replaceFirst("(?s)^[^:]*:", "")))
                : Stream.empty();
        Stream<String> ofUrl = Stream.of(
                        text.replaceFirst("(?s)^[^?;]*[?;]?", "").split("[&;]"))
                .map(setting -> setting.replaceFirst("(?s)^[^=]*=?", ""));
        Stream<String> ofProperties = properties.stringPropertyNames().stream()
                .filter(name -> !PUBLIC_PROPERTIES.contains(name))
                .map(properties::getProperty);
        String shown = shown();
        return Stream.of(ofUser, ofUrl, ofProperties)
                .flatMap(each -> each)
                .filter(value -> !value.isBlank() && !shown.contains(value))
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /** Whether a process list shows a password. */
    boolean hasPassword() {
        return text.matches("(?is).*[?&;][a-z]*password=.*") || text.matches("(?s).*//[^/@]*:[^/]*@.*");
    }
}
