/** Writes values of every type of the two databases, as text that the server reads. Pure: no connection. */
package dev.cascadecleanup.internal.proof.value;
