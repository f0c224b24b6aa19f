/** Secrets that change while a process runs. */
package io.herald.secret;
