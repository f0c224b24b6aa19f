package io.herald.topology.snapshot;

import org.apache.kafka.common.utils.Bytes;

/**
 * One entry of a store, as its changelog has it.
 *
 * @param key of the window store with the window's start behind it
 * @param timestamp that the record had in the changelog, in ms since 1970
 */
public record StateEntry(Bytes key, Bytes value, long timestamp) {}
