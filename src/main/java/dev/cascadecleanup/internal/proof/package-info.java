/**
 * The proof: rows for two throw-away users in every table that a deleted user reaches, one delete, and a count, in a transaction that
 * is always rolled back. {@code check} and {@code value} are pure, {@code schema} reads the catalog, {@code row} inserts.
 */
@NullMarked
package dev.cascadecleanup.internal.proof;

import org.jspecify.annotations.NullMarked;
