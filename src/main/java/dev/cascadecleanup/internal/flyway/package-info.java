/** Everything that knows Flyway beside the doors: its log, its configuration, its history table. */
@NullMarked
package dev.cascadecleanup.internal.flyway;

import org.jspecify.annotations.NullMarked;
