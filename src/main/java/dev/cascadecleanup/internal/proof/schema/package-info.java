/** What an INSERT has to know about a table: its columns, types and constraints, read with one query per kind of catalog object. */
@NullMarked
package dev.cascadecleanup.internal.proof.schema;

import org.jspecify.annotations.NullMarked;
