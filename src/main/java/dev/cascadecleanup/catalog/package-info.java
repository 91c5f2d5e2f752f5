/** What is there: the server, its tables and its foreign keys, as immutable records. */
package dev.cascadecleanup.catalog;
