/** Walks the rows that one DELETE would delete, and judges what the foreign keys say to it; only reads. */
@NullMarked
package dev.cascadecleanup.internal.preview;

import org.jspecify.annotations.NullMarked;
