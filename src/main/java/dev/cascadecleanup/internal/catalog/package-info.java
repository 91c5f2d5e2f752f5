/**
 * Reads the catalog of each database, with one query per kind of catalog object, into the records of
 * {@link dev.cascadecleanup.catalog}. No SQL text leaves this package, and nothing in it changes the database.
 */
@NullMarked
package dev.cascadecleanup.internal.catalog;

import org.jspecify.annotations.NullMarked;
