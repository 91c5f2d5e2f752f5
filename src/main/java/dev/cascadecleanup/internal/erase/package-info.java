/**
 * Deletes one person in steps. {@code DrainPlanner} says which rows certainly go, without a connection; {@code DrainSql} writes the
 * statements; the rest runs them.
 */
@NullMarked
package dev.cascadecleanup.internal.erase;

import org.jspecify.annotations.NullMarked;
