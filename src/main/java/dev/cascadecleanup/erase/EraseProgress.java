package dev.cascadecleanup.erase;

import dev.cascadecleanup.catalog.TableName;

/**
 * How far a drain is.
 *
 * @param table the table that the last step was about
 * @param drained how many of its rows are gone
 * @param expected about how many of them there were, by the look ahead or the statistics of the server; 0 if neither knows
 * @param tablesBefore how many tables were looked at before this one
 * @param tables how many there are to look at
 */
public record EraseProgress(TableName table, long drained, long expected, int tablesBefore, int tables) {}
