package io.herald.topology.router;

import io.herald.schema.DeliveryState;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.InboxItem;
import io.herald.schema.InboxKey;
import io.herald.schema.InboxMark;
import io.herald.schema.InboxUser;
import io.herald.schema.InboxUserKey;
import io.herald.schema.Notification;
import io.herald.schema.OpenLeg;
import io.herald.schema.OpenNotification;
import io.herald.schema.PresenceChanged;
import io.herald.schema.Realtime;
import io.herald.schema.Reason;
import io.herald.schema.Unless;
import io.herald.topic.Topics;
import io.herald.topology.content.Content;
import io.herald.topology.inbox.Inbox;
import io.herald.wire.GatewayKey;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;

/** Writes what changes in an inbox: to its tables, to the user's open sockets, and to what waits because of it. */
final class InboxWrites {
    private static final int EPOCH = 1;
    // Who reads one item often reads the next: devices are told once.
    private static final Duration CLEAR_AFTER = Duration.ofSeconds(10);

    private InboxWrites() {}

    /**
     * Adds an item and returns its seq.
     *
     * @param askGateways which gateways are to report whether they showed it
     */
    static long add(Decided decided, Content content, List<String> askGateways) {
        Draft draft = decided.draft();
        Notification notification = decided.notification();
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
        dropped.ifPresent(gone -> remove(gone, draft));
        summary(draft);
        draft.retainUntil(draft.inbox().nextRetention());
        draft.tellSockets(realtime(draft, List.of(seq))
                .setItem(item)
                .setAskGateways(askGateways)
                .setNotificationId(notification.getNotificationId())
                .build());
        return seq;
    }

    /** Takes in what a user did, and says that it was heard, also where nothing changes by it. */
    static void acted(InboxActed act, Draft draft) {
        long before = draft.inbox().version();
        act(act, draft);
        if (draft.inbox().version() == before) {
            summary(draft);
        }
    }

    private static void act(InboxActed act, Draft draft) {
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
        alike.forEach((flags, seqs) -> draft.tellSockets(
                realtime(draft, seqs).setMark(mark(flags, draft)).build()));
        if (act.getAct() != InboxAct.UNREAD) {
            cancelWaiting(draft);
            clearDevices(changed, draft);
        }
    }

    /** Tells a gateway from where on it hears of a new socket's changes; what was before is in the tables. */
    static void greet(PresenceChanged opened, Draft draft) {
        draft.tellSockets(
                new GatewayKey(opened.getGateway()),
                realtime(draft, List.of())
                        .setConnectionId(opened.getConnectionId())
                        .build());
    }

    /** Puts an item away that another one took the place of, or that was taken back. */
    static void putAway(long seq, Draft draft) {
        act(
                new InboxActed(
                        draft.user().tenant(),
                        draft.user().user(),
                        InboxAct.ARCHIVED,
                        List.of(seq),
                        null,
                        null,
                        draft.now()),
                draft);
    }

    /** Says why what a user did in the inbox makes a wait unnecessary, or nothing if it does not. */
    static Optional<Reason> cancels(Unless unless, long seq, Inbox inbox) {
        if (unless != Unless.NEVER && inbox.isDone(seq)) {
            return Optional.of(Reason.READ_ELSEWHERE);
        }
        return unless == Unless.SEEN && inbox.isSeen(seq) ? Optional.of(Reason.SEEN_ELSEWHERE) : Optional.empty();
    }

    /** Removes what is too old. */
    static void retain(Draft draft) {
        draft.retained();
        List<Long> gone = draft.inbox().dropOld(draft.now());
        gone.forEach(seq -> remove(seq, draft));
        if (!gone.isEmpty()) {
            summary(draft);
        }
        draft.retainUntil(draft.inbox().nextRetention());
    }

    /** Removes an inbox as a whole; returns how many items it had. */
    static int erase(Draft draft) {
        List<Long> seqs = draft.inbox().seqs();
        seqs.forEach(seq -> remove(seq, draft));
        draft.write(
                Topics.INBOX_USER,
                new InboxUserKey(draft.user().tenant(), draft.user().user()),
                null);
        return seqs.size();
    }

    private static void cancelWaiting(Draft draft) {
        for (OpenNotification open : draft.open().asList()) {
            if (open.getSeq() == null || open.getLegs().isEmpty()) {
                continue;
            }
            Map<Reason, List<OpenLeg>> cancelled = new LinkedHashMap<>();
            for (OpenLeg leg : open.getLegs()) {
                cancels(leg.getUnless(), open.getSeq(), draft.inbox()).ifPresent(reason -> cancelled
                        .computeIfAbsent(reason, key -> new ArrayList<>())
                        .add(leg));
            }
            if (!cancelled.isEmpty()) {
                Verdicts verdicts = Verdicts.again(open, draft);
                cancelled.forEach((reason, legs) -> verdicts.cancel(legs, DeliveryState.CANCELLED, reason));
                verdicts.write();
            }
        }
    }

    private static void clearDevices(Map<Long, Inbox.Flags> changed, Draft draft) {
        SortedSet<Long> pushed = draft.inbox().clearPushed(changed.keySet());
        if (!pushed.isEmpty()) {
            draft.toClear().addAll(pushed);
            draft.clearBy(draft.now().plus(CLEAR_AFTER));
        }
    }

    private static void remove(long seq, Draft draft) {
        draft.write(Topics.INBOX_ITEM, key(draft.user(), seq), null);
        draft.write(Topics.INBOX_MARK, key(draft.user(), seq), null);
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
                        draft.now(),
                        draft.heard().toString()));
    }

    private static Realtime.Builder realtime(Draft draft, List<Long> seqs) {
        return Realtime.newBuilder()
                .setTenant(draft.user().tenant())
                .setUser(draft.user().user())
                .setAt(draft.now())
                .setUnread(draft.inbox().unread())
                .setLastSeq(draft.inbox().lastSeq())
                .setSeqs(seqs)
                .setVersion(draft.inbox().version());
    }

    private static InboxMark mark(Inbox.Flags flags, Draft draft) {
        return new InboxMark(
                draft.inbox().version(), flags.seen(), flags.read(), flags.archived(), draft.now(), flags.dismissed());
    }

    private static InboxKey key(UserKey user, long seq) {
        return new InboxKey(user.tenant(), user.user(), seq);
    }
}
