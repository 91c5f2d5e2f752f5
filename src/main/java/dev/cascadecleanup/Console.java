package dev.cascadecleanup;

/** Where an engine and the facade say what they do. The facade puts Flyway's log behind it. */
public interface Console {

    /** Progress. */
    void info(String message);

    /** Something that an operator should look at. */
    void warn(String message);
}
