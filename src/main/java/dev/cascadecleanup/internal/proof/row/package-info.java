/** Makes rows: for a table and an owner, with the rows above it that its foreign keys need, in a transaction that somebody else ends. */
@NullMarked
package dev.cascadecleanup.internal.proof.row;

import org.jspecify.annotations.NullMarked;
