/** What a migration would change, what a delete would then do, and the vocabulary of the options: immutable records. */
@NullMarked
package dev.cascadecleanup.plan;

import org.jspecify.annotations.NullMarked;
