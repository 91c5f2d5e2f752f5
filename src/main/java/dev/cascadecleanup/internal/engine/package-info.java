/**
 * How each database turns one foreign key into another on a live system. The two engines share the SQL writer and nothing else:
 * PostgreSQL swaps in one transaction and validates after it, CockroachDB adds, validates, drops and renames.
 */
@NullMarked
package dev.cascadecleanup.internal.engine;

import org.jspecify.annotations.NullMarked;
