/** The audit's report: as records, and written as text, JSON, HTML and diagrams. */
package dev.cascadecleanup.audit;
