/** A migration and its undo written as SQL scripts, for whoever runs SQL by hand. */
@NullMarked
package dev.cascadecleanup.internal.script;

import org.jspecify.annotations.NullMarked;
