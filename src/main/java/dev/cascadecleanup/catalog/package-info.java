/** What is there: the server, its tables and its foreign keys, as immutable records. */
@NullMarked
package dev.cascadecleanup.catalog;

import org.jspecify.annotations.NullMarked;
