/** A migration and its undo written as SQL scripts, for whoever runs SQL by hand. */
package dev.cascadecleanup.internal.script;
