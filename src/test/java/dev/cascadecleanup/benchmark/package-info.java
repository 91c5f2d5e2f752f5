/** What clients feel while foreign keys are converted, measured: the migration beside the ways in which it is done by hand. */
package dev.cascadecleanup.benchmark;
