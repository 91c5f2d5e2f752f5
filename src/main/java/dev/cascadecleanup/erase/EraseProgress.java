package dev.cascadecleanup.erase;

import dev.cascadecleanup.catalog.TableName;

/**
 * How far a drain is.
 *
 * @param table the table that the last step was about
 * @param drained how many of its rows are gone
 * @param expected how many of them there were when it was looked ahead; 0 if nobody has
 * @param tablesBefore how many tables were looked at before this one
 * @param tables how many there are to look at
 */
public record EraseProgress(TableName table, long drained, long expected, int tablesBefore, int tables) {}
