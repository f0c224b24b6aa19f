/** Measures what Herald does on one machine, and the limits of that machine in the same run. */
package io.herald.bench;
