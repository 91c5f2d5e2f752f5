/** What one DELETE would do to one person, as {@code CascadeCleanup.preview} says it. */
@NullMarked
package dev.cascadecleanup.preview;

import org.jspecify.annotations.NullMarked;
