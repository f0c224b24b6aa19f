/** Gives the mailbox more partitions, and the router's state with it. */
package io.herald.topology.growth;
