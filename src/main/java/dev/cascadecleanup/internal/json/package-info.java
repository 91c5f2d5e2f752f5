/** Reports for programs. */
@NullMarked
package dev.cascadecleanup.internal.json;

import org.jspecify.annotations.NullMarked;
