/**
 * The command line: a door like the others, without logic of its own. It finds the connection and the options, calls the facade and
 * writes what comes back. Not in the library's jars; {@code -cli.jar} has it, with what it needs.
 */
@NullMarked
package dev.cascadecleanup.cli;

import org.jspecify.annotations.NullMarked;
