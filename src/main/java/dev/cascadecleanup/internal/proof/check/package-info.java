/**
 * Reads the text of a CHECK constraint far enough to propose values that satisfy it. Pure: no connection, and no claim either.
 * What comes out is a proposal, and only the server says whether it holds.
 */
@NullMarked
package dev.cascadecleanup.internal.proof.check;

import org.jspecify.annotations.NullMarked;
