package io.herald.api;

import io.herald.schema.InboxItem;
import io.herald.schema.InboxMark;

/**
 * An item as the tables have it.
 *
 * @param item its content, or null where that was not asked for
 * @param mark what the user did to it, or null for nothing
 */
public record InboxRow(long seq, InboxItem item, InboxMark mark) {
    /** Returns whether it counts as unread. */
    public boolean isUnread() {
        return mark == null || !(mark.getRead() || mark.getArchived() || mark.getDismissed());
    }
}
