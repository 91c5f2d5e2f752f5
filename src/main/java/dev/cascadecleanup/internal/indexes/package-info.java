/**
 * Builds the indexes that a delete lacks, on a live database, and drops them again: the builders of both databases, and what they have
 * to wait for.
 */
@NullMarked
package dev.cascadecleanup.internal.indexes;

import org.jspecify.annotations.NullMarked;
