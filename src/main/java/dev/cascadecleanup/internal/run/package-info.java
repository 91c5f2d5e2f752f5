/** The runs: a conversion and an undo from their first look to their report, on one session. */
package dev.cascadecleanup.internal.run;
