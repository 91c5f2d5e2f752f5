/**
 * Works out what will change: a pure function from a {@link dev.cascadecleanup.internal.catalog.ForeignKeyGraph} and
 * {@link dev.cascadecleanup.CascadeOptions} to a {@link dev.cascadecleanup.plan.CascadePlan}. Nothing here has a connection.
 */
@NullMarked
package dev.cascadecleanup.internal.plan;

import org.jspecify.annotations.NullMarked;
