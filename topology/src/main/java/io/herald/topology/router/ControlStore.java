package io.herald.topology.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.BroadcastRun;
import io.herald.schema.GatewayLease;
import io.herald.schema.Origin;
import io.herald.schema.Position;
import io.herald.schema.Route;
import io.herald.schema.RouteShare;
import io.herald.schema.RuleSet;
import io.herald.schema.TemplateChanged;
import io.herald.topology.content.TemplateException;
import io.herald.topology.content.Templates;
import io.herald.topology.feedback.PruneBreaker;
import io.herald.topology.identity.Ids;
import io.herald.topology.rules.Rules;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the state is about everyone: time, origins, templates, rules, broadcasts, breakers, shares, gateways, who is
 * erased. Small, read for every unit; so its objects stand beside the store, made from it whenever the task starts.
 */
final class ControlStore {
    private static final Logger LOG = LoggerFactory.getLogger(ControlStore.class);
    private static final String NOW = "now";
    private static final String BEHIND = "behind";
    private static final String ORIGIN = "origin/";
    private static final String TEMPLATE = "template/";
    private static final String RULES = "rules/";
    private static final String BROADCAST = "broadcast/";
    private static final String BREAKER = "breaker/";
    private static final String SHARE = "share/";
    private static final String LEASE = "lease/";
    private static final String ERASED = "erased/";

    private final KeyValueStore<Bytes, byte[]> store;
    private final Templates templates = new Templates();
    private final Rules rules = new Rules();
    // Sorted, so that every run walks broadcasts in the same order.
    private final Map<String, BroadcastRun> broadcasts = new TreeMap<>();
    private final Map<Route, PruneBreaker> breakers = new EnumMap<>(Route.class);
    private final Map<Route, RouteShare> shares = new EnumMap<>(Route.class);
    // Sorted, like broadcasts.
    private final Map<String, GatewayLease> leases = new TreeMap<>();
    private final Set<String> erased = new HashSet<>();

    ControlStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        each(TEMPLATE, (rest, value) -> restore(StateFormat.TEMPLATE.read(value)));
        each(RULES, (rest, value) -> {
            String[] names = rest.split("/", 2);
            rules.put(names[0], names[1], StateFormat.RULES.read(value));
        });
        each(BROADCAST, (rest, value) -> broadcasts.put(rest, StateFormat.BROADCAST.read(value)));
        each(BREAKER, (rest, value) -> breakers.put(Route.valueOf(rest), PruneBreaker.of(value)));
        each(SHARE, (rest, value) -> shares.put(Route.valueOf(rest), StateFormat.SHARE.read(value)));
        each(LEASE, (rest, value) -> leases.put(rest, StateFormat.LEASE.read(value)));
        each(ERASED, (rest, value) -> erased.add(rest));
    }

    Templates templates() {
        return templates;
    }

    Rules rules() {
        return rules;
    }

    /** Returns the broadcasts of the last days, in a fixed order. */
    Collection<BroadcastRun> broadcasts() {
        return new ArrayList<>(broadcasts.values());
    }

    Optional<BroadcastRun> broadcast(String name) {
        return Optional.ofNullable(broadcasts.get(name));
    }

    PruneBreaker breaker(Route route) {
        return breakers.getOrDefault(route, PruneBreaker.NEW);
    }

    Optional<RouteShare> share(Route route) {
        return Optional.ofNullable(shares.get(route));
    }

    Optional<GatewayLease> lease(String gateway) {
        return Optional.ofNullable(leases.get(gateway));
    }

    Collection<GatewayLease> leases() {
        return leases.values();
    }

    boolean isErased(UserKey user) {
        return !erased.isEmpty() && erased.contains(hash(user));
    }

    /** Returns the router's time in this partition, or null before the first record. */
    Instant now() {
        return time(NOW);
    }

    void now(Instant now) {
        time(NOW, now);
    }

    /** Returns when the router was last behind, as the ticks say; null: never yet. */
    Instant behind() {
        return time(BEHIND);
    }

    void behind(Instant now) {
        time(BEHIND, now);
    }

    private Instant time(String name) {
        byte[] bytes = store.get(key(name));
        return bytes == null
                ? null
                : Instant.ofEpochMilli(ByteBuffer.wrap(bytes).getLong());
    }

    private void time(String name, Instant time) {
        store.put(
                key(name),
                ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array());
    }

    /** Notes an origin; returns whether it is above all that were noted of its partition: not a repeat. */
    boolean advance(Origin origin) {
        Bytes key = origin(origin);
        byte[] bytes = store.get(key);
        if (bytes != null) {
            Position highest = StateFormat.POSITION.read(bytes);
            boolean above = origin.getOffset() > highest.getOffset()
                    || (origin.getOffset() == highest.getOffset() && origin.getIndex() > highest.getIndex());
            if (!above) {
                return false;
            }
        }
        store.put(key, StateFormat.POSITION.write(new Position(origin.getOffset(), origin.getIndex())));
        return true;
    }

    void put(TemplateChanged template, byte[] bytes) {
        String name = String.join(
                "/",
                template.getTenant(),
                template.getCategory(),
                template.getChannel().name(),
                template.getLocale());
        store.put(key(TEMPLATE + name), template.getTitle() == null ? null : bytes);
        templates.change(template);
    }

    void put(String tenant, String category, RuleSet set, byte[] bytes) {
        store.put(key(RULES + tenant + "/" + category), bytes);
        rules.put(tenant, category, set);
    }

    void put(BroadcastRun run, byte[] bytes) {
        String name = Broadcasts.name(run);
        store.put(key(BROADCAST + name), bytes);
        broadcasts.put(name, run);
    }

    void dropBroadcast(String name) {
        store.delete(key(BROADCAST + name));
        broadcasts.remove(name);
    }

    void put(Route route, PruneBreaker breaker, byte[] bytes) {
        store.put(key(BREAKER + route), bytes);
        breakers.put(route, breaker);
    }

    void put(RouteShare share, byte[] bytes) {
        Route route = share.getTerms().getRoute();
        store.put(key(SHARE + route), bytes);
        shares.put(route, share);
    }

    void put(GatewayLease lease, byte[] bytes) {
        store.put(key(LEASE + lease.getGateway()), bytes);
        leases.put(lease.getGateway(), lease);
    }

    void dropLease(String gateway) {
        store.delete(key(LEASE + gateway));
        leases.remove(gateway);
    }

    void erase(UserKey user, byte[] at) {
        store.put(key(ERASED + hash(user)), at);
        erased.add(hash(user));
    }

    private void each(String prefix, BiConsumer<String, byte[]> entry) {
        try (KeyValueIterator<Bytes, byte[]> entries = store.prefixScan(key(prefix), (topic, first) -> first.get())) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> next = entries.next();
                entry.accept(new String(next.key.get(), UTF_8).substring(prefix.length()), next.value);
            }
        }
    }

    // An older build may have taken in what this one does not compile. Its category is held and dead-lettered then; the
    // task must start all the same.
    private void restore(TemplateChanged template) {
        try {
            templates.change(template);
        } catch (TemplateException refused) {
            LOG.error("A stored template of category {} is refused: {}", template.getCategory(), refused.getMessage());
        }
    }

    private static String hash(UserKey user) {
        return HexFormat.of().formatHex(Ids.hash(user.tenant(), user.user()).bytes());
    }

    private static Bytes origin(Origin origin) {
        ByteBuffer id = ByteBuffer.wrap(origin.getTopicId().bytes());
        return key(ORIGIN + new Uuid(id.getLong(), id.getLong()) + "/" + origin.getPartition());
    }

    private static Bytes key(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }
}
