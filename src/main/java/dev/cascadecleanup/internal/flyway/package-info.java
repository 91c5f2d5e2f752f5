/** Everything that knows Flyway beside the doors: its log, its configuration, its history table. */
package dev.cascadecleanup.internal.flyway;
