package io.herald.api;

/**
 * Which items are wanted.
 *
 * @param limit how many at most
 * @param before only those with a lower seq, or null
 * @param unread whether only those that are unread
 * @param category only those of this category, or null
 * @param archived whether those that were put away, instead of those that were not
 */
public record InboxQuery(int limit, Long before, boolean unread, String category, boolean archived) {}
