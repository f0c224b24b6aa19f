package io.herald.topology.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Receipt;
import io.herald.schema.Transition;
import io.herald.topology.address.Addresses;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a producer is told of its events: how each delivery, or channel that came to none, ended, and what the provider
 * said later.
 *
 * <p>A status is an event of source {@value #SOURCE} to the user {@code status/<source>}, whose webhook is the
 * producer's endpoint. Its id comes from what it tells, so that the router takes a repeat of it for one.
 */
public final class Statuses {
    /** The source of statuses. There are none about its own events, or there would be no end to them. */
    public static final String SOURCE = "herald";
    /** The category of statuses. */
    public static final String CATEGORY = "herald.delivery-status";
    /** Name of the value that has all the others, as a JSON object. */
    public static final String ALL = "status";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Statuses() {}

    /** Returns the user to whom the statuses of a source's events go. */
    public static String recipient(String source) {
        return "status/" + source;
    }

    /** Returns what is to be told of a ledger entry about an event; nothing while a delivery is under way. */
    static List<NotificationRequested> of(LedgerEntry entry, Subject subject) {
        if (entry.getBody() instanceof Decision decision) {
            return decision.getVerdicts().stream()
                    .filter(verdict -> isEnd(verdict.getState()))
                    .map(verdict -> status(entry, subject, ended(verdict), entry.getAt()))
                    .toList();
        }
        Transition transition = (Transition) entry.getBody();
        return told(transition)
                .map(told -> status(
                        entry,
                        subject,
                        told,
                        transition.getReceiptAt() == null ? entry.getAt() : transition.getReceiptAt()))
                .stream()
                .toList();
    }

    private static Told ended(ChannelVerdict verdict) {
        return new Told(
                verdict.getDeliveryId(),
                verdict.getChannel().name(),
                verdict.getRoute() == null ? null : verdict.getRoute().name(),
                verdict.getAddressId(),
                verdict.getState().name(),
                verdict.getReason() == null ? null : verdict.getReason().name());
    }

    private static Optional<Told> told(Transition transition) {
        if (transition.getReceipt() != null) {
            return Optional.of(transition.getReceipt())
                    .filter(Statuses::isFinal)
                    .map(receipt -> moved(transition, receipt.name()));
        }
        // What comes late has changed nothing.
        return transition.getLate() || !isEnd(transition.getState())
                ? Optional.empty()
                : Optional.of(moved(transition, transition.getState().name()));
    }

    private static Told moved(Transition transition, String state) {
        return new Told(
                transition.getDeliveryId(),
                Addresses.channel(transition.getRoute()).name(),
                transition.getRoute().name(),
                transition.getAddressId(),
                state,
                transition.getReason() == null ? null : transition.getReason().name());
    }

    private static NotificationRequested status(LedgerEntry entry, Subject subject, Told told, Instant at) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("notificationId", entry.getNotificationId());
        values.put("eventId", subject.eventId());
        values.put("category", subject.category());
        values.put("user", entry.getUser());
        values.put("channel", told.channel());
        values.put("state", told.state());
        values.put("at", at.toString());
        values.put("deliveryId", told.deliveryId());
        values.put("route", told.route());
        values.put("reason", told.reason());
        values.values().removeIf(Objects::isNull);
        values.put(ALL, json(values));
        return NotificationRequested.newBuilder()
                .setTenant(entry.getTenant())
                .setSource(SOURCE)
                .setId(Ids.status(
                        entry.getNotificationId(), told.deliveryId(), told.channel(), told.addressId(), told.state()))
                .setRecipients(List.of(recipient(subject.source())))
                .setCategory(CATEGORY)
                .setObject(subject.eventId())
                .setData(values)
                .setOccurredAt(at)
                .build();
    }

    private static boolean isEnd(DeliveryState state) {
        return switch (state) {
            case ACCEPTED, SKIPPED, DEAD, EXPIRED, CANCELLED -> true;
            case ROUTED, WAITING -> false;
        };
    }

    private static boolean isFinal(Receipt receipt) {
        return switch (receipt) {
            case DELIVERED, UNDELIVERED, BOUNCED, COMPLAINED -> true;
            case DELAYED, OTHER -> false;
        };
    }

    private static String json(Map<String, String> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts can be written", impossible);
        }
    }

    // What is not known is null.
    private record Told(
            String deliveryId, String channel, String route, String addressId, String state, String reason) {}
}
