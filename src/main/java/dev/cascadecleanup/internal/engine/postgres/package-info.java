/** PostgreSQL: a gentle lock, then the swap in one flight with its journal row, then the validation. */
package dev.cascadecleanup.internal.engine.postgres;
