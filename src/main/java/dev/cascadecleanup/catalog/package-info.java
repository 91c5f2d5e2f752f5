/**
 * What is there: tables and foreign keys as immutable records, read from {@code pg_catalog} with one query per kind of
 * catalog object. No SQL text leaves this package, and nothing in it changes the database.
 */
package dev.cascadecleanup.catalog;
