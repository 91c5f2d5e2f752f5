/**
 * What was done: one row per converted foreign key, in a table next to Flyway's history table. It is what a later run resumes
 * from and what the undo restores.
 */
@NullMarked
package dev.cascadecleanup.internal.journal;

import org.jspecify.annotations.NullMarked;
