/**
 * What will change: a pure function from a {@link dev.cascadecleanup.catalog.ForeignKeyGraph} and
 * {@link dev.cascadecleanup.plan.CascadeOptions} to a {@link dev.cascadecleanup.plan.CascadePlan}. Nothing here has a connection.
 */
package dev.cascadecleanup.plan;
