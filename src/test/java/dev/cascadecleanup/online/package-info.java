/**
 * Online and crash-safe: what clients feel while the migration runs, that no orphan gets in, and that a run which dies anywhere is
 * finished by the next one. The servers are real, and so are the sessions that stand in the way and the processes that are killed.
 */
package dev.cascadecleanup.online;
