package dev.cascadecleanup.internal.preview;

/**
 * How far to count rows that nothing depends on.
 *
 * @param inAll how many rows make a heavy person
 * @param ofATable from there on, how many make a heavy table
 */
public record Enough(long inAll, long ofATable) {

    /** How many rows of a table to count when so many of all are found. */
    long of(long rows) {
        return rows < inAll ? inAll : ofATable;
    }
}
