/**
 * Gives the foreign keys on a table ON DELETE CASCADE, online, and takes that back exactly. Start with
 * {@link dev.cascadecleanup.CascadeMigration} in a Flyway project and with {@link dev.cascadecleanup.CascadeCleanup} elsewhere.
 */
@NullMarked
package dev.cascadecleanup;

import org.jspecify.annotations.NullMarked;
