package io.herald.api;

import java.time.Instant;

/**
 * What an inbox is as a whole.
 *
 * @param version rises with each change
 * @param lastSeq highest seq given; its item may have been removed since
 * @param unread how many items are not read, archived or dismissed
 * @param epoch another one than before: what a client holds is of no use any more
 * @param heard which of the user's writes are in it, as {@code io.herald.wire.Heard}
 */
public record InboxSummary(
        long version,
        long lastSeq,
        int unread,
        long seenUpTo,
        long readUpTo,
        int epoch,
        String heard,
        Instant changedAt) {}
