/** What the proof takes and gives: hints, and a report as records, text and JSON. */
package dev.cascadecleanup.proof;
