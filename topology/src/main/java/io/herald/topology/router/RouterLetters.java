package io.herald.topology.router;

import io.herald.schema.Broadcast;
import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import io.herald.topic.Topics;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.topology.deadletter.DeadLetters.Place;
import io.herald.wire.WireFormat;
import java.time.Instant;

/**
 * The dead letters of the router. Their values can be put back: a delivery is in the wire format of its topic, a
 * notification in the mailbox's.
 */
final class RouterLetters implements Planner.LetterFormat {
    static final String STAGE = "router";

    private final WireFormat wire;

    RouterLetters(WireFormat wire) {
        this.wire = wire;
    }

    @Override
    public DeadLetter delivery(Delivery delivery, Reason reason, String detail, Draft draft) {
        byte[] value = wire.value(Topics.delivery(delivery), delivery);
        DeadLetter letter = letter(reason, detail == null ? "" : detail, value, draft);
        letter.setNotificationId(delivery.getNotificationId());
        letter.setDeliveryId(delivery.getDeliveryId());
        return letter;
    }

    @Override
    public DeadLetter notification(Notification notification, Reason reason, Draft draft) {
        byte[] value = wire.value(Topics.MAILBOX, new Mail(null, draft.now(), notification));
        DeadLetter letter = letter(reason, "of category " + notification.getCategory(), value, draft);
        letter.setNotificationId(notification.getNotificationId());
        letter.setField(reason == Reason.UNKNOWN_CATEGORY ? "category" : null);
        return letter;
    }

    @Override
    public DeadLetter broadcast(Broadcast broadcast, Reason reason, Cause cause, Instant now) {
        byte[] value = wire.value(Topics.MAILBOX, new Mail(null, now, broadcast));
        String detail = "of broadcast " + broadcast.getId();
        return DeadLetters.of(STAGE, place(cause), now, reason, "id", detail, null, value);
    }

    private static DeadLetter letter(Reason reason, String detail, byte[] value, Draft draft) {
        return DeadLetters.of(
                STAGE,
                place(draft.cause()),
                draft.now(),
                reason,
                null,
                detail,
                draft.user().bytes(),
                value);
    }

    private static Place place(Cause cause) {
        return new Place(Topics.MAILBOX.name(), cause.partition(), cause.offset());
    }
}
