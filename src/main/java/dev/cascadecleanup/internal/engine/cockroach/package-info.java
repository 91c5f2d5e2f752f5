/** CockroachDB: add under a temporary name, validate, drop, rename; every step is decided by what the catalog and the jobs show. */
@NullMarked
package dev.cascadecleanup.internal.engine.cockroach;

import org.jspecify.annotations.NullMarked;
