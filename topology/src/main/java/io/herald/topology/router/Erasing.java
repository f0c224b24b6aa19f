package io.herald.topology.router;

import io.herald.schema.CopyExpiry;
import io.herald.schema.DeliveryState;
import io.herald.schema.Erased;
import io.herald.schema.ErasedKey;
import io.herald.schema.Forgotten;
import io.herald.schema.InboxUserKey;
import io.herald.schema.Lane;
import io.herald.schema.LedgerStateKey;
import io.herald.schema.OpenNotification;
import io.herald.schema.PendingKind;
import io.herald.schema.Profile;
import io.herald.schema.Reason;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.identity.Ids;
import io.herald.topology.ledger.OpenDeliveries.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Forgets a user, for good: whatever is said of them later is refused. */
final class Erasing {
    // Rows may be on their way to PostgreSQL by another connector; by then they have arrived.
    private static final Duration ONCE_MORE = Duration.ofHours(1);
    private static final Set<Topic> OF_NOBODY = Set.of(
            Topics.RULE_CHANGED,
            Topics.ROUTE_CHANGED,
            Topics.TEMPLATE_CHANGED,
            Topics.GATEWAY_LEASED,
            Topics.BROADCAST_REQUESTED,
            Topics.BROADCAST_CONTROLLED,
            Topics.CHECKPOINT_REQUESTED,
            Topics.BROADCAST_STATE,
            Topics.ERASED);

    private final RouterState state;
    private final NotificationPipeline notifications;

    Erasing(RouterState state, NotificationPipeline notifications) {
        this.state = state;
        this.notifications = notifications;
    }

    /** Plans it; of one who is erased already, only that PostgreSQL hears it again. */
    Plan erase(Draft draft) {
        if (state.erased(draft.user())) {
            forget(draft);
            return draft.finishErased();
        }
        Profile profile = draft.profile();
        List<RouterState.Waiting> waiting = state.waiting(draft.user());
        List<OpenNotification> open = draft.open().asList();
        int deliveries = open.stream().mapToInt(one -> one.getOpen().size()).sum();
        open.forEach(one -> end(one, draft));
        for (RouterState.Waiting one : waiting) {
            if (one.pending().getKind() == PendingKind.HOLD) {
                notifications.endHeld(one.pending().getNotification(), Reason.ERASED, draft);
            }
            draft.change(new Plan.Change.Unschedule(Waits.entry(draft.user(), one.pending())));
        }
        profile.getSubscriptions()
                .forEach(topic -> draft.change(new Plan.Change.Subscribe(draft.user(), topic, false)));
        Tokens.release(profile.getDevices(), List.of(), draft);
        int items = InboxWrites.erase(draft);
        draft.write(
                Topics.PROFILE_STATE,
                new InboxUserKey(draft.user().tenant(), draft.user().user()),
                null);
        open.forEach(one -> draft.write(
                Topics.LEDGER_STATE,
                new LedgerStateKey(draft.user().tenant(), draft.user().user(), one.getNotificationId()),
                null));
        draft.unscheduleUser();
        draft.change(new Plan.Change.Erase(draft.user(), draft.now()));
        forget(draft);
        draft.change(new Plan.Change.Schedule(
                new AgendaEntry(Lane.BULK, draft.now().plus(ONCE_MORE), AgendaEntry.Kind.FORGET, draft.user(), ""),
                null));
        draft.write(
                Topics.ERASED,
                new ErasedKey(Ids.hash(draft.user().tenant(), draft.user().user())),
                new Erased(
                        draft.now(),
                        profile.getVersion() > 0,
                        profile.getDevices().size(),
                        profile.getContacts().size(),
                        profile.getSubscriptions().size(),
                        items,
                        waiting.size(),
                        deliveries,
                        copies(draft.now())));
        return draft.finishErased();
    }

    /** Tells PostgreSQL. */
    static void forget(Draft draft) {
        draft.write(
                Topics.USER_FORGOTTEN,
                new InboxUserKey(draft.user().tenant(), draft.user().user()),
                new Forgotten(draft.now()));
    }

    private static void end(OpenNotification open, Draft draft) {
        Verdicts verdicts = Verdicts.again(open, draft);
        verdicts.stop(Reason.ERASED);
        verdicts.cancel(new ArrayList<>(open.getLegs()), DeliveryState.CANCELLED, Reason.ERASED);
        verdicts.write();
        open.getOpen()
                .forEach(delivery -> draft.open().find(delivery.getDeliveryId()).ifPresent(found -> end(found, draft)));
    }

    private static void end(Found found, Draft draft) {
        DeliveryPipeline.end(found, DeliveryState.CANCELLED, Reason.ERASED, null, null, draft);
    }

    private static List<CopyExpiry> copies(Instant now) {
        return Topics.ALL.stream()
                .filter(topic -> !OF_NOBODY.contains(topic))
                // The last that names the user is what PostgreSQL hears once more.
                .map(topic -> new CopyExpiry(topic.name(), now.plus(ONCE_MORE).plus(topic.goneAfter())))
                .toList();
    }
}
