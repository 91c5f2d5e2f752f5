/** What one DELETE would do to one person, as {@code CascadeCleanup.preview} says it. */
package dev.cascadecleanup.preview;
