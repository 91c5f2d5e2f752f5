/** Writes values of every type of the two databases, as text that the server reads. Pure: no connection. */
@NullMarked
package dev.cascadecleanup.internal.proof.value;

import org.jspecify.annotations.NullMarked;
