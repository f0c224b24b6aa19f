package io.herald.topology.router;

/** Where in the mailbox the record stands that something was decided on. */
public record Cause(int partition, long offset) {}
