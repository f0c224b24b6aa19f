package io.herald.topology.app;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Says, beside the router's committed offsets, that the mailbox is being given more partitions and nothing may start
 * before that is ended. It stands there because it is set, and taken away, together with the offsets themselves.
 *
 * @param id names the snapshots that it goes by
 * @param from how many partitions there were
 * @param to how many there will be
 */
public record GrowthMark(String id, int from, int to) {
    private static final Pattern TEXT = Pattern.compile("herald growth (\\S+) from (\\d+) to (\\d+)");

    /** Returns the mark beside any of {@code places}. */
    public static Optional<GrowthMark> in(Collection<OffsetAndMetadata> places) {
        return places.stream()
                .map(place -> TEXT.matcher(place.metadata()))
                .filter(Matcher::matches)
                .map(found -> new GrowthMark(
                        found.group(1), Integer.parseInt(found.group(2)), Integer.parseInt(found.group(3))))
                .findFirst();
    }

    /** Returns the metadata of an offset with this mark. */
    public String metadata() {
        return "herald growth " + id + " from " + from + " to " + to;
    }
}
