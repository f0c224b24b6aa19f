/** Runs the mailbox through the router once more, beside the running system, and compares what is decided. */
package io.herald.topology.replay;
