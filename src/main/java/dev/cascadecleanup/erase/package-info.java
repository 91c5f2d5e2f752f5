/** Deleting one person, in steps that nobody feels: what to say to it, and what it answers. */
@NullMarked
package dev.cascadecleanup.erase;

import org.jspecify.annotations.NullMarked;
