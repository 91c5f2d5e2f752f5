/** What the proof takes and gives: hints, and a report as records, text and JSON. */
@NullMarked
package dev.cascadecleanup.proof;

import org.jspecify.annotations.NullMarked;
