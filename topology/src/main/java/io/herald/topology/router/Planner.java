package io.herald.topology.router;

import io.herald.schema.AddressReported;
import io.herald.schema.Broadcast;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRun;
import io.herald.schema.Cancellation;
import io.herald.schema.Checkpoint;
import io.herald.schema.ContactChanged;
import io.herald.schema.DeadLetter;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Digest;
import io.herald.schema.FirstCopy;
import io.herald.schema.GatewayLeased;
import io.herald.schema.InboxActed;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.Pending;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.Reason;
import io.herald.schema.ReceiptReported;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.SocketReported;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenMoved;
import io.herald.schema.TokenReleased;
import io.herald.schema.UserErased;
import io.herald.topic.Topics;
import io.herald.topology.address.Addresses;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.audience.Subscriptions;
import io.herald.topology.content.Template;
import io.herald.topology.dedup.Dedup;
import io.herald.topology.digest.Digests;
import io.herald.topology.feedback.Suppressions;
import io.herald.topology.preferences.Preferences;
import io.herald.topology.route.VendorShares;
import io.herald.wire.Heard;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Plans one unit: a record of the mailbox, one due item, or one user of a broadcast. Pure: it reads the state, changes
 * nothing, and the same state, unit and time give the same plan. What it throws, the caller plans again with
 * {@link #failed} or {@link #failedDue}.
 */
public final class Planner {
    private static final Duration DEADLINE_AGAIN = Duration.ofMinutes(15);

    private final RouterState state;
    private final LetterFormat letters;
    private final NotificationPipeline notifications;
    private final DeliveryPipeline deliveries;
    private final Cancelling cancelling;
    private final Erasing erasing;
    private final Presence presence;

    public Planner(RouterState state, LetterFormat letters) {
        this.state = state;
        this.letters = letters;
        this.notifications = new NotificationPipeline(state);
        this.deliveries = new DeliveryPipeline(state, letters::delivery, notifications);
        this.cancelling = new Cancelling(state, notifications);
        this.erasing = new Erasing(state, notifications);
        this.presence = new Presence(state, notifications);
    }

    /** Plans a record of the mailbox that is not a tick. */
    public Plan mail(Mail mail, Cause cause, Instant now) {
        return user(mail)
                .map(user -> ofUser(mail, new Draft(user, state, cause, now)))
                .orElseGet(() -> ofEveryone(mail.getBody(), cause, now));
    }

    private Plan ofEveryone(Object body, Cause cause, Instant now) {
        if (body instanceof TemplateChanged template) {
            // One that this build cannot compile must fail here, before it is in the store.
            Template.compile(template);
            return Plan.of(new Plan.Change.SaveTemplate(template));
        } else if (body instanceof RuleChanged rule) {
            return Plan.of(new Plan.Change.SaveRules(
                    rule.getTenant(), rule.getCategory(), state.rules().changed(rule)));
        } else if (body instanceof RouteChanged route) {
            return Plan.of(new Plan.Change.SaveShare(VendorShares.of(state.share(route.getRoute()), route, now)));
        } else if (body instanceof Broadcast broadcast) {
            return begin(broadcast, cause, now);
        } else if (body instanceof BroadcastControlled control) {
            return Broadcasts.control(control, state, cause, now);
        } else if (body instanceof TokenClaimed claim) {
            return Tokens.claimed(claim, state);
        } else if (body instanceof TokenReleased release) {
            return Tokens.released(release, state);
        } else if (body instanceof GatewayLeased lease) {
            return Presence.leased(lease, state, now);
        } else if (body instanceof Checkpoint checkpoint) {
            return Plan.of(new Plan.Change.SaveCut(checkpoint.getId(), cause.offset()));
        }
        throw noRule(body);
    }

    // Every partition has its copy; one letter is enough.
    private Plan begin(Broadcast broadcast, Cause cause, Instant now) {
        return Broadcasts.isOther(broadcast, state) && cause.partition() == 0
                ? letterOnly(letters.broadcast(broadcast, Reason.ID_REUSED, cause, now))
                : Broadcasts.begin(broadcast, state, cause, now);
    }

    private Plan ofUser(Mail mail, Draft draft) {
        Object body = mail.getBody();
        if (body instanceof UserErased) {
            return erasing.erase(draft);
        }
        if (state.erased(draft.user())) {
            return refused(body, mail.getAcceptedAt(), draft);
        }
        draft.heard(Receipts.of(mail));
        if (body instanceof Notification notification) {
            notifications.arrive(notification, draft);
        } else if (body instanceof Cancellation cancel) {
            cancelling.cancel(cancel, draft);
        } else if (body instanceof DeliveryReported report) {
            deliveries.reported(report, draft);
        } else if (body instanceof ReceiptReported receipt) {
            DeliveryPipeline.received(receipt, draft);
        } else if (body instanceof InboxActed act) {
            InboxWrites.acted(act, draft);
        } else if (body instanceof PresenceChanged change) {
            Presence.changed(change, draft);
        } else if (body instanceof SocketReported report) {
            presence.reported(report, draft);
        } else {
            ofProfile(body, mail.getAcceptedAt(), draft);
            if (!Receipts.of(mail).equals(Heard.NOTHING)) {
                draft.showProfile();
            }
        }
        return draft.finish();
    }

    private void ofProfile(Object body, Instant acceptedAt, Draft draft) {
        if (body instanceof PreferenceChanged change) {
            draft.profile(Preferences.apply(draft.profile(), change));
            presence.quietHoursChanged(change, draft);
        } else if (body instanceof DeviceChanged change) {
            // The moment that its claim of the token has, too, in the partition of the token.
            draft.profile(Addresses.apply(draft.profile(), change, acceptedAt));
        } else if (body instanceof ContactChanged change) {
            draft.profile(Addresses.apply(draft.profile(), change, draft.now()));
        } else if (body instanceof SubscriptionChanged change) {
            Subscriptions.apply(draft.profile(), change).ifPresent(profile -> {
                draft.profile(profile);
                draft.change(new Plan.Change.Subscribe(draft.user(), change.getTopic(), change.getSubscribed()));
            });
        } else if (body instanceof AddressReported report) {
            Suppressions.apply(draft.profile(), report, draft.user().tenant(), draft.now())
                    .ifPresent(draft::profile);
        } else if (body instanceof TokenMoved moved) {
            Addresses.moved(draft.profile(), moved).ifPresent(draft::profile);
        } else {
            throw noRule(body);
        }
    }

    private static Plan refused(Object body, Instant acceptedAt, Draft draft) {
        if (body instanceof Notification notification) {
            draft.decided(
                    notification.getNotificationId(),
                    Decision.newBuilder()
                            .setSource(notification.getSource())
                            .setEventId(notification.getEventId())
                            .setCategory(notification.getCategory())
                            .setProfileVersion(0)
                            .setReason(Reason.ERASED)
                            .setVerdicts(List.of())
                            .build());
        } else if (body instanceof DeviceChanged change) {
            // Its claim of the token is in the partition of the token, where nobody knows who was erased.
            Tokens.release(Addresses.apply(draft.profile(), change, acceptedAt).getDevices(), List.of(), draft);
        }
        return draft.finishErased();
    }

    /** Plans a due item. Whatever becomes of it, it leaves the agenda. */
    public Plan due(AgendaEntry entry, Cause cause, Instant now) {
        Optional<Pending> pending = state.pending(entry.user(), entry.id());
        Draft draft = new Draft(entry.user(), state, cause(entry, pending, cause), now);
        draft.change(new Plan.Change.Pop(entry));
        switch (entry.kind()) {
            case DEADLINE -> deliveries.expireUnreported(draft);
            case RETRY -> pending.ifPresent(waiting -> deliveries.retryDue(waiting.getDelivery(), draft));
            case HOLD -> pending.ifPresent(held -> heldDue(held, draft));
            case LEG -> pending.ifPresent(leg -> notifications.legDue(leg, draft));
            case DIGEST -> pending.ifPresent(digest -> notifications.digestDue(digest.getDigest(), draft));
            case RETENTION -> InboxWrites.retain(draft);
            case CLEAR -> Clearing.send(draft);
            case FORGET -> {
                Erasing.forget(draft);
                return draft.finishErased();
            }
        }
        return draft.finish();
    }

    /**
     * Returns whether a broadcast means a user.
     *
     * @param metBy the topic by whose subscribers they were met; null where all users are looked at
     */
    public boolean isFor(BroadcastRun run, UserKey user, String metBy, Instant now) {
        return !state.erased(user)
                && Broadcasts.isFor(run, state.profile(user), metBy, () -> mayHaveHad(run, user, now));
    }

    private boolean mayHaveHad(BroadcastRun run, UserKey user, Instant now) {
        boolean forgotten = !run.getStartedAt().plus(Dedup.WINDOW).isAfter(now);
        String id = Broadcasts.notification(run, user).getNotificationId();
        return forgotten || state.firstCopy(user, id, now).isPresent();
    }

    /** Plans what a broadcast is for a user whom it means. */
    public Plan broadcast(BroadcastRun run, UserKey user, Cause cause, Instant now) {
        Draft draft = new Draft(user, state, cause, now);
        notifications.arrive(Broadcasts.notification(run, user), draft);
        return draft.finish();
    }

    /** Plans the end of a record that could not be planned. */
    public Plan failed(Mail mail, Cause cause, Instant now, Reason reason, DeadLetter letter) {
        Optional<UserKey> user = user(mail);
        if (user.isEmpty()) {
            return letterOnly(letter);
        }
        Draft draft = new Draft(user.get(), state, cause, now);
        if (mail.getBody() instanceof Notification notification) {
            letter.setNotificationId(notification.getNotificationId());
            notifications.endAll(notification, reason, false, draft);
        }
        draft.deadLetter(letter);
        return draft.finish();
    }

    /** Plans the end of a broadcast for a user for whom it could not be planned. */
    public Plan failedBroadcast(
            BroadcastRun run, UserKey user, Cause cause, Instant now, Reason reason, DeadLetter letter) {
        Notification notification = Broadcasts.notification(run, user);
        Draft draft = new Draft(user, state, cause, now);
        letter.setNotificationId(notification.getNotificationId());
        notifications.endAll(notification, reason, false, draft);
        // The walk may meet them once more.
        draft.change(new Plan.Change.Remember(
                user,
                notification.getNotificationId(),
                new FirstCopy(now, cause.offset(), notification.getContentHash(), null, false)));
        draft.deadLetter(letter);
        return draft.finish();
    }

    /**
     * Plans the end of a due item that could not be planned; {@code letter} is for one whose payload cannot be read.
     */
    public Plan failedDue(AgendaEntry entry, Cause cause, Instant now, Reason reason, DeadLetter letter) {
        Optional<Pending> pending = readable(entry);
        Draft draft = new Draft(entry.user(), state, cause(entry, pending, cause), now);
        draft.change(new Plan.Change.Pop(entry));
        switch (entry.kind()) {
            case RETRY -> {
                deliveries.broken(entry.id(), draft);
                letter.setDeliveryId(entry.id());
                draft.deadLetter(pending.map(waiting -> letters.delivery(waiting.getDelivery(), reason, null, draft))
                        .orElse(letter));
            }
            case HOLD -> {
                pending.ifPresent(held -> notifications.endAll(held.getNotification(), reason, true, draft));
                letter.setNotificationId(entry.id());
                draft.deadLetter(pending.map(held -> letters.notification(held.getNotification(), reason, draft))
                        .orElse(letter));
            }
            case LEG -> {
                NotificationPipeline.endLeg(entry.id(), reason, draft);
                letter.setNotificationId(Legs.notificationId(entry.id()));
                draft.deadLetter(pending.map(leg -> letters.notification(leg.getNotification(), reason, draft))
                        .orElse(letter));
            }
            case DIGEST ->
                draft.deadLetter(pending.map(due -> failedDigest(due.getDigest(), reason, draft))
                        .orElse(letter));
            case FORGET -> draft.deadLetter(letter);
            case DEADLINE -> {
                draft.deadLetter(letter);
                draft.deadline(now.plus(DEADLINE_AGAIN));
            }
            case RETENTION -> {
                draft.deadLetter(letter);
                draft.retained();
            }
            case CLEAR -> {
                draft.deadLetter(letter);
                draft.cleared();
            }
        }
        return draft.finish();
    }

    // Its members ended when they went in, so what became of it is all that the ledger can say of them.
    private DeadLetter failedDigest(Digest digest, Reason reason, Draft draft) {
        Notification notification = Digests.notification(digest, draft.user(), draft.now());
        notifications.endAll(notification, reason, false, draft);
        return letters.notification(notification, reason, draft);
    }

    // What was held is decided on account of the record that brought it, not of the tick that looked at it again.
    private static Cause cause(AgendaEntry entry, Optional<Pending> pending, Cause tick) {
        return entry.kind() == AgendaEntry.Kind.HOLD && pending.isPresent()
                ? new Cause(pending.get().getMailboxPartition(), pending.get().getMailboxOffset())
                : tick;
    }

    private Optional<Pending> readable(AgendaEntry entry) {
        try {
            return state.pending(entry.user(), entry.id());
        } catch (UnreadableStateException broken) {
            return Optional.empty();
        }
    }

    /** Plans a dead letter and nothing else, where not even the user's state can be read. */
    public static Plan letterOnly(DeadLetter letter) {
        Plan plan = new Plan();
        plan.write(new Plan.Output(Topics.DEAD_LETTER, new UserKey("herald", "dead.letter"), null, letter));
        return plan;
    }

    /** Returns the user whom a record is about; none where it is about everyone. */
    public static Optional<UserKey> user(Mail mail) {
        SpecificRecord body = (SpecificRecord) mail.getBody();
        Schema.Field tenant = body.getSchema().getField("tenant");
        Schema.Field user = body.getSchema().getField("user");
        return user == null
                ? Optional.empty()
                : Optional.of(new UserKey((String) body.get(tenant.pos()), (String) body.get(user.pos())));
    }

    private void heldDue(Pending pending, Draft draft) {
        Notification notification = pending.getNotification();
        if (!notifications.heldDue(notification, pending.getHeldUntil(), draft)) {
            notifications.endAll(notification, Reason.UNKNOWN_CATEGORY, true, draft);
            draft.deadLetter(letters.notification(notification, Reason.UNKNOWN_CATEGORY, draft));
        }
    }

    private static IllegalStateException noRule(Object body) {
        return new IllegalStateException("no rule for " + body.getClass().getSimpleName());
    }

    /** Makes dead letters out of what could not be finished, in the form that it can be redriven from. */
    public interface LetterFormat {
        /** Returns the letter of a delivery. */
        DeadLetter delivery(Delivery delivery, Reason reason, String detail, Draft draft);

        /** Returns the letter of a notification. */
        DeadLetter notification(Notification notification, Reason reason, Draft draft);

        /** Returns the letter of a broadcast. */
        DeadLetter broadcast(Broadcast broadcast, Reason reason, Cause cause, Instant now);
    }
}
