package dev.cascadecleanup.erase;

import dev.cascadecleanup.catalog.TableName;

/**
 * How far a drain is.
 *
 * @param table the table that the last step was about
 * @param drained how many of its rows are gone
 * @param found how many have been found so far, those included; a table with very many is looked through in parts
 * @param tablesBefore how many tables were looked at before this one
 * @param tables how many there are to look at
 */
public record EraseProgress(TableName table, long drained, long found, int tablesBefore, int tables) {}
