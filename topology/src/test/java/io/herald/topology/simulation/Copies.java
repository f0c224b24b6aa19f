package io.herald.topology.simulation;

import io.herald.schema.Cancellation;
import io.herald.schema.Hash16;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import io.herald.schema.RuleChanged;
import io.herald.topology.guarantee.History;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every first copy that there ever was, by which later ones are known. */
final class Copies {
    private static final Duration WINDOW = Duration.ofDays(1);

    private final Map<String, First> firsts = new HashMap<>();
    private final List<Alike> alikes = new ArrayList<>();

    private record First(Instant at, Hash16 content, boolean cancelled) {}

    /** One by whose values others are known. */
    private record Alike(UserKey user, String category, String values, Instant at) {}

    /** Returns what a notification is noted as; empty: it is decided. */
    Optional<Reason> repeats(Notification notification, History history) {
        First first = firsts.get(notification.getNotificationId());
        if (first != null && first.at().plus(WINDOW).isAfter(history.now())) {
            Reason reason = first.content().equals(notification.getContentHash()) ? Reason.DUPLICATE : Reason.ID_REUSED;
            return Optional.of(first.cancelled() ? Reason.CANCELLED_BY_SOURCE : reason);
        }
        UserKey user = new UserKey(notification.getTenant(), notification.getUser());
        RuleChanged terms = history.rule(user, notification.getCategory()).terms();
        String values = Buckets.values(notification, terms.getDedupBy());
        boolean alike = alikes.stream()
                .anyMatch(earlier -> earlier.user().equals(user)
                        && earlier.category().equals(notification.getCategory())
                        && earlier.values().equals(values)
                        && earlier.at().plusMillis(terms.getDedupWindowMs()).isAfter(history.now()));
        return alike ? Optional.of(Reason.DUPLICATE) : Optional.empty();
    }

    /** A notification is not known yet; alike or not, its id is from now on. */
    void first(Notification notification, Instant now) {
        firsts.put(notification.getNotificationId(), new First(now, notification.getContentHash(), false));
    }

    /** A notification is noted as what it is; its id is known all the same. */
    void noted(Notification notification, Instant now) {
        firsts.putIfAbsent(notification.getNotificationId(), new First(now, notification.getContentHash(), false));
    }

    /** A notification is decided, and others may be like it. */
    void decided(Notification notification, RuleChanged terms, Instant now) {
        String values = Buckets.values(notification, terms.getDedupBy());
        if (values != null) {
            UserKey user = new UserKey(notification.getTenant(), notification.getUser());
            alikes.add(new Alike(user, notification.getCategory(), values, now));
        }
    }

    /** What is cancelled before it comes is known when it does. */
    void cancelled(Cancellation cancel, Instant now) {
        String id = cancel.getNotificationId();
        if (id != null
                && (firsts.get(id) == null || !firsts.get(id).at().plus(WINDOW).isAfter(now))) {
            firsts.put(id, new First(now, new Hash16(new byte[16]), true));
        }
    }
}
