package io.herald.topology.router;

import io.herald.schema.DeadLetter;
import io.herald.schema.Delivery;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.Reason;
import io.herald.topic.Topics;
import io.herald.topology.deadletter.DeadLetters;
import io.herald.topology.deadletter.DeadLetters.Place;
import io.herald.wire.WireFormat;

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
        byte[] value = wire.value(Topics.delivery(delivery.getRoute(), delivery.getLane()), delivery);
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

    private static DeadLetter letter(Reason reason, String detail, byte[] value, Draft draft) {
        Place place = new Place(
                Topics.MAILBOX.name(), draft.cause().partition(), draft.cause().offset());
        return DeadLetters.of(
                STAGE, place, draft.now(), reason, null, detail, draft.user().bytes(), value);
    }
}
