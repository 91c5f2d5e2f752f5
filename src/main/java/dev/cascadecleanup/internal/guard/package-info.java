/** What the guard looks at, and what it says about it. */
@NullMarked
package dev.cascadecleanup.internal.guard;

import org.jspecify.annotations.NullMarked;
