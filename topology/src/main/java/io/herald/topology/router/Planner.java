package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.Checkpoint;
import io.herald.schema.Connection;
import io.herald.schema.ContactChanged;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.InboxActed;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.Pending;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.PresenceState;
import io.herald.schema.Reason;
import io.herald.schema.TemplateChanged;
import io.herald.topic.Topics;
import io.herald.topology.address.Addresses;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.content.Template;
import io.herald.topology.preferences.Preferences;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Plans one unit: a record of the mailbox, or one due item. Pure: it reads the state, changes nothing, and the same
 * state, unit and time give the same plan. What it throws, the caller plans again with {@link #failed} or
 * {@link #failedDue}.
 */
public final class Planner {
    private static final int MOST_CONNECTIONS = 20;
    private static final Duration DEADLINE_AGAIN = Duration.ofMinutes(15);

    private final RouterState state;
    private final LetterFormat letters;
    private final NotificationPipeline notifications;
    private final DeliveryPipeline deliveries;
    private final Holding holding;

    public Planner(RouterState state, LetterFormat letters) {
        this.state = state;
        this.letters = letters;
        this.notifications = new NotificationPipeline(state);
        this.deliveries = new DeliveryPipeline(letters::delivery);
        this.holding = new Holding(state);
    }

    /** Plans a record of the mailbox that is not a tick. */
    public Plan mail(Mail mail, Cause cause, Instant now) {
        Object body = mail.getBody();
        if (body instanceof Checkpoint checkpoint) {
            Plan plan = new Plan();
            plan.change(new Plan.Change.SaveCut(checkpoint.getId(), cause.offset()));
            return plan;
        }
        if (body instanceof TemplateChanged template) {
            // One that this build cannot compile must fail here, before it is in the store.
            Template.compile(template);
            Plan plan = new Plan();
            plan.change(new Plan.Change.SaveTemplate(template));
            return plan;
        }
        Draft draft = new Draft(user(mail).orElseThrow(), state, cause, now);
        if (body instanceof Notification notification) {
            notifications.arrive(notification, draft);
        } else if (body instanceof DeliveryReported report) {
            deliveries.reported(report, draft);
        } else if (body instanceof InboxActed act) {
            InboxWrites.act(act, draft);
        } else if (body instanceof PresenceChanged presence) {
            presence(presence, draft);
        } else if (body instanceof PreferenceChanged change) {
            draft.profile(Preferences.apply(draft.profile(), change));
        } else if (body instanceof DeviceChanged change) {
            draft.profile(Addresses.apply(draft.profile(), change, now));
        } else if (body instanceof ContactChanged change) {
            draft.profile(Addresses.apply(draft.profile(), change, now));
        } else {
            throw new IllegalStateException("no rule for " + body.getClass().getSimpleName());
        }
        return draft.finish();
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
        }
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
            endUnplanned(notification, reason, draft);
        }
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
                pending.ifPresent(held -> endUnplanned(held.getNotification(), reason, draft));
                letter.setNotificationId(entry.id());
                draft.deadLetter(pending.map(held -> letters.notification(held.getNotification(), reason, draft))
                        .orElse(letter));
            }
            case DEADLINE -> {
                draft.deadLetter(letter);
                draft.deadline(now.plus(DEADLINE_AGAIN));
            }
        }
        return draft.finish();
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
        if (holding.holdOn(notification, pending.getHeldUntil(), draft)) {
            return;
        }
        if (holding.known(notification)) {
            notifications.decide(notification, draft);
            return;
        }
        endUnplanned(notification, Reason.UNKNOWN_CATEGORY, draft);
        draft.deadLetter(letters.notification(notification, Reason.UNKNOWN_CATEGORY, draft));
    }

    private void endUnplanned(Notification notification, Reason reason, Draft draft) {
        List<Channel> channels = NotificationPipeline.channels(notification, state.templates());
        NotificationPipeline.endAll(
                notification, channels.isEmpty() ? List.of(Channel.INBOX) : channels, reason, draft);
    }

    private static void presence(PresenceChanged change, Draft draft) {
        List<Connection> connections = draft.connections();
        connections.removeIf(open -> open.getConnectionId().equals(change.getConnectionId())
                && open.getGateway().equals(change.getGateway()));
        if (change.getState() == PresenceState.CONNECTED) {
            if (connections.size() == MOST_CONNECTIONS) {
                connections.remove(0);
            }
            connections.add(
                    new Connection(change.getDevice(), change.getConnectionId(), change.getGateway(), draft.now()));
        }
    }

    /** Makes dead letters out of what could not be finished, in the form that it can be redriven from. */
    public interface LetterFormat {
        /** Returns the letter of a delivery. */
        DeadLetter delivery(Delivery delivery, Reason reason, String detail, Draft draft);

        /** Returns the letter of a notification. */
        DeadLetter notification(Notification notification, Reason reason, Draft draft);
    }
}
