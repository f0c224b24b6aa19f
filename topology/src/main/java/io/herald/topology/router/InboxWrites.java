package io.herald.topology.router;

import io.herald.schema.InboxActed;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.InboxUser;
import io.herald.schema.InboxUserKey;
import io.herald.schema.Notification;
import io.herald.schema.Realtime;
import io.herald.topic.Topics;
import io.herald.topology.content.Content;
import io.herald.topology.inbox.Inbox;
import io.herald.wire.UserKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Writes what changes in an inbox: to its tables, and to the user's open sockets. */
final class InboxWrites {
    private static final int EPOCH = 1;

    private InboxWrites() {}

    /** Adds an item and returns its seq. */
    static long add(Notification notification, Content content, Draft draft) {
        OptionalLong dropped = draft.inbox().add(draft.now());
        long seq = draft.inbox().lastSeq();
        InboxItem item = InboxItem.newBuilder()
                .setNotificationId(notification.getNotificationId())
                .setCategory(notification.getCategory())
                .setActor(notification.getActor())
                .setTitle(content.title())
                .setBody(content.body())
                .setLink(notification.getLink())
                .setCreatedAt(draft.now())
                .setExpiresAt(notification.getExpiresAt())
                .build();
        draft.write(Topics.INBOX_ITEM, key(draft.user(), seq), item);
        dropped.ifPresent(gone -> {
            draft.write(Topics.INBOX_ITEM, key(draft.user(), gone), null);
            draft.write(Topics.INBOX_MARK, key(draft.user(), gone), null);
        });
        summary(draft);
        realtime(draft, List.of(seq), item, null);
        return seq;
    }

    /** Takes in what a user did; writes nothing when nothing changes by it. */
    static void act(InboxActed act, Draft draft) {
        long before = draft.inbox().version();
        Map<Long, Inbox.Flags> changed = draft.inbox().act(act);
        if (draft.inbox().version() == before) {
            return;
        }
        Map<Inbox.Flags, List<Long>> alike = new LinkedHashMap<>();
        changed.forEach((seq, flags) -> {
            draft.write(Topics.INBOX_MARK, key(draft.user(), seq), mark(flags, draft));
            alike.computeIfAbsent(flags, key -> new ArrayList<>()).add(seq);
        });
        summary(draft);
        alike.forEach((flags, seqs) -> realtime(draft, seqs, null, mark(flags, draft)));
    }

    private static void summary(Draft draft) {
        Inbox inbox = draft.inbox();
        draft.write(
                Topics.INBOX_USER,
                new InboxUserKey(draft.user().tenant(), draft.user().user()),
                new InboxUser(
                        inbox.version(),
                        inbox.lastSeq(),
                        inbox.unread(),
                        inbox.seenUpTo(),
                        inbox.readUpTo(),
                        EPOCH,
                        draft.now()));
    }

    private static void realtime(Draft draft, List<Long> seqs, InboxItem item, InboxMark mark) {
        draft.write(
                Topics.REALTIME,
                null,
                new Realtime(
                        draft.user().tenant(),
                        draft.user().user(),
                        draft.now(),
                        draft.inbox().unread(),
                        draft.inbox().lastSeq(),
                        seqs,
                        item,
                        mark,
                        List.of(),
                        null));
    }

    private static InboxMark mark(Inbox.Flags flags, Draft draft) {
        return new InboxMark(
                draft.inbox().version(), flags.seen(), flags.read(), flags.archived(), draft.now(), flags.dismissed());
    }

    private static InboxKey key(UserKey user, long seq) {
        return new InboxKey(user.tenant(), user.user(), seq);
    }
}
