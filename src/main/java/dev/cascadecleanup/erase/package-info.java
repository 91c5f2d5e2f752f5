/** Deleting one person, in steps that nobody feels: what to say to it, and what it answers. */
package dev.cascadecleanup.erase;
