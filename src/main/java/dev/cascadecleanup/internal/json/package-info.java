/** Reports for programs. */
package dev.cascadecleanup.internal.json;
