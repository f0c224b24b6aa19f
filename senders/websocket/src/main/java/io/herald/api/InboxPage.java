package io.herald.api;

import java.util.List;

/**
 * Some items of an inbox, newest first.
 *
 * @param summary null for a user of whom there is none
 * @param next where the next page begins: give it as {@code before}; null on the last page
 * @param seq no item up to here is missing in the tables; a socket that resumes from here misses none
 * @param version no mark below this version of the inbox is missing in the tables; of this one, some may be
 * @param isWhole whether items, marks and summary are of the same moment, as far as seqs and the unread count tell
 */
public record InboxPage(InboxSummary summary, List<InboxRow> rows, Long next, long seq, long version, boolean isWhole) {
    public InboxPage {
        rows = List.copyOf(rows);
    }
}
