/** The undo of the ready-made V060, in a package that no Flyway location finds by accident. */
@NullMarked
package dev.cascadecleanup.undo;

import org.jspecify.annotations.NullMarked;
