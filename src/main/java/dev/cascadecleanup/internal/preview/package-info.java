/** Walks the rows that one DELETE would delete, and judges what the foreign keys say to it; only reads. */
package dev.cascadecleanup.internal.preview;
