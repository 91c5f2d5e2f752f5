/**
 * Deletes one person: {@code DeleteAtOnce} in one round trip, where nobody wants a look ahead and the parent is plain; else in steps.
 * {@code ParentFinder} finds the parent without the catalog, so that {@code PersonLock} comes before all else. {@code DrainPlanner} says
 * which rows certainly go, without a connection; {@code DrainSql} writes the statements; the rest runs them.
 */
@NullMarked
package dev.cascadecleanup.internal.erase;

import org.jspecify.annotations.NullMarked;
