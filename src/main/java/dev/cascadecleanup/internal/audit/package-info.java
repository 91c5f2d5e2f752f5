/**
 * Finds out what a delete of a parent row does, today and after a migration, and what would spoil it: from the catalog, with a few
 * counts of rows. Changes nothing.
 */
@NullMarked
package dev.cascadecleanup.internal.audit;

import org.jspecify.annotations.NullMarked;
