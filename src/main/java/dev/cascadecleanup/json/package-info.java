/** Reports for programs. */
package dev.cascadecleanup.json;
