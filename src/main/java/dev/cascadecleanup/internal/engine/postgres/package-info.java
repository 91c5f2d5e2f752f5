/** PostgreSQL: a gentle lock, then the swap in one flight with its journal row, then the validation. */
@NullMarked
package dev.cascadecleanup.internal.engine.postgres;

import org.jspecify.annotations.NullMarked;
