/** The runs: a conversion and an undo from their first look to their report, on one session. */
@NullMarked
package dev.cascadecleanup.internal.run;

import org.jspecify.annotations.NullMarked;
