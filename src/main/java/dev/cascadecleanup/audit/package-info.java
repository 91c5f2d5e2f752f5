/** The audit's report: as records, and written as text, JSON, HTML and diagrams. */
@NullMarked
package dev.cascadecleanup.audit;

import org.jspecify.annotations.NullMarked;
