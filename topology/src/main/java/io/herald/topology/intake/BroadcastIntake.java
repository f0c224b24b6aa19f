package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;

import io.herald.schema.AttributeFilter;
import io.herald.schema.Broadcast;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.Channel;
import io.herald.schema.Hash16;
import io.herald.schema.Pair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Checks broadcasts. Each partition of the mailbox gets one record, however many users it is for. Pure. */
final class BroadcastIntake {
    private static final int MOST_FILTERS = 10;
    private static final int MOST_VALUES = 50;
    private static final Duration LONGEST_SPREAD = Duration.ofHours(24);

    private BroadcastIntake() {}

    static Intake.Letter request(BroadcastRequested request, Instant acceptedAt) {
        Fields.tenant(request.getTenant());
        Fields.word("source", request.getSource());
        Fields.name("id", request.getId(), 128);
        Fields.word("category", request.getCategory());
        Fields.optionalPath("topic", request.getTopic());
        Fields.optionalName("actor", request.getActor(), 128);
        Fields.link("link", request.getLink());
        Fields.optionalName("object", request.getObject(), 128);
        Fields.optionalName("collapseKey", request.getCollapseKey(), 64);
        Fields.within("spreadOverMs", request.getSpreadOverMs(), Duration.ofMillis(1), LONGEST_SPREAD);
        filters(request.getFilters());
        List<Pair> data = EventFields.data(request.getData());
        List<Channel> channels = EventFields.channels(request.getChannels());
        Instant sendAt = EventFields.sendAt(request.getSendAt(), acceptedAt);
        Instant begins = sendAt == null ? acceptedAt : sendAt;
        return Intake.Letter.toAll(Broadcast.newBuilder()
                .setTenant(request.getTenant())
                .setSource(request.getSource())
                .setId(request.getId())
                .setCategory(request.getCategory())
                .setTopic(request.getTopic())
                .setFilters(request.getFilters())
                .setActor(request.getActor())
                .setData(data)
                .setChannels(channels)
                .setLink(request.getLink())
                .setObject(request.getObject())
                .setCollapseKey(request.getCollapseKey())
                .setAcceptedAt(acceptedAt)
                .setExpiresAt(EventFields.expiry(request.getExpiresAt(), request.getSendAt(), begins))
                .setSendAt(sendAt)
                .setSpreadOverMs(request.getSpreadOverMs())
                .setContentHash(content(request, data, channels))
                .build());
    }

    static Intake.Letter control(BroadcastControlled control) {
        Fields.tenant(control.getTenant());
        Fields.word("source", control.getSource());
        Fields.name("id", control.getId(), 128);
        return Intake.Letter.toAll(control);
    }

    private static void filters(List<AttributeFilter> filters) {
        for (AttributeFilter filter : Fields.atMost("filters", filters, MOST_FILTERS)) {
            Fields.word("filters.name", filter.getName());
            if (filter.getValues().isEmpty()) {
                throw invalid("filters.values", "is empty");
            }
            for (String value : Fields.atMost("filters.values", filter.getValues(), MOST_VALUES)) {
                Fields.name("filters.values", value, 128);
            }
        }
    }

    // Of what the producer said, as with events: a repeat must hash the same.
    private static Hash16 content(BroadcastRequested request, List<Pair> data, List<Channel> channels) {
        return EventFields.content(
                data,
                request.getCategory(),
                request.getTopic(),
                request.getFilters().toString(),
                request.getActor(),
                channels.toString(),
                request.getLink(),
                request.getObject(),
                request.getCollapseKey(),
                EventFields.text(request.getExpiresAt()),
                EventFields.text(request.getSendAt()),
                String.valueOf(request.getSpreadOverMs()));
    }
}
