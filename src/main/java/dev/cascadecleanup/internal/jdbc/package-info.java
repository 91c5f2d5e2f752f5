/**
 * The little that every other package needs of JDBC: quoting, running a statement, SQLSTATE names, and giving a borrowed
 * connection back as it was. Knows nothing of foreign keys.
 */
@NullMarked
package dev.cascadecleanup.internal.jdbc;

import org.jspecify.annotations.NullMarked;
