/** What the guard looks at, and what it says about it. */
package dev.cascadecleanup.internal.guard;
