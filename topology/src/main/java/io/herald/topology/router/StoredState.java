package io.herald.topology.router;

import io.herald.schema.Activity;
import io.herald.schema.BroadcastRun;
import io.herald.schema.FirstCopy;
import io.herald.schema.GatewayLease;
import io.herald.schema.Hash16;
import io.herald.schema.Pending;
import io.herald.schema.Profile;
import io.herald.schema.Route;
import io.herald.schema.RouteShare;
import io.herald.schema.TokenOwner;
import io.herald.topology.address.TokenKey;
import io.herald.topology.agenda.Agenda;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.content.Templates;
import io.herald.topology.dedup.Dedup;
import io.herald.topology.feedback.PruneBreaker;
import io.herald.topology.rules.Rules;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The state of one task, over its stores. Values are in Avro's single-object encoding, which names the schema they were
 * written with. Made anew whenever the task starts, so its object caches never outlive the stores they mirror.
 */
final class StoredState implements RouterState {
    private static final byte[] PRESENT = {1};

    private final KeyValueStore<Bytes, byte[]> profiles;
    private final KeyValueStore<Bytes, byte[]> activity;
    private final WindowStore<Bytes, byte[]> dedup;
    private final KeyValueStore<Bytes, byte[]> pending;
    private final KeyValueStore<Bytes, byte[]> subscribers;
    private final KeyValueStore<Bytes, byte[]> tokens;
    private final ControlStore control;
    private final Cuts cuts;
    private final Agenda agenda;
    private final RouterAlarms alarms;
    private final int partition;
    private final ObjectCache<UserKey, Profile> profileObjects;
    private final ObjectCache<UserKey, Activity> activityObjects;

    StoredState(ProcessorContext<?, ?> context, int cachedUsers, RouterAlarms alarms) {
        this.alarms = alarms;
        this.partition = context.taskId().partition();
        this.profiles = context.getStateStore(RouterStores.PROFILES);
        this.activity = context.getStateStore(RouterStores.ACTIVITY);
        this.dedup = context.getStateStore(RouterStores.DEDUP_WINDOW);
        this.pending = context.getStateStore(RouterStores.PENDING);
        this.subscribers = context.getStateStore(RouterStores.SUBSCRIBERS);
        this.tokens = context.getStateStore(RouterStores.TOKENS);
        this.control = new ControlStore(context.getStateStore(RouterStores.CONTROL));
        this.cuts = new Cuts(context);
        this.agenda = new Agenda(context.getStateStore(RouterStores.AGENDA));
        this.profileObjects = new ObjectCache<>(cachedUsers);
        this.activityObjects = new ObjectCache<>(cachedUsers);
        for (Route route : Route.values()) {
            alarms.pruning(partition, route, pruneBreaker(route).open());
            share(route).ifPresent(share -> alarms.shared(partition, share));
        }
    }

    @Override
    public Profile profile(UserKey user) {
        Profile cached = profileObjects.get(user);
        if (cached != null) {
            return cached;
        }
        byte[] bytes = profiles.get(RouterStores.user(user));
        Profile profile = bytes == null ? Profile.newBuilder().setVersion(0).build() : StateFormat.PROFILE.read(bytes);
        profileObjects.put(user, profile);
        return profile;
    }

    @Override
    public Activity activity(UserKey user) {
        Activity cached = activityObjects.get(user);
        if (cached != null) {
            return cached;
        }
        byte[] bytes = activity.get(RouterStores.user(user));
        Activity read = bytes == null
                ? Activity.newBuilder()
                        .setVersion(0)
                        .setLastSeq(0)
                        .setMarks(ByteBuffer.allocate(0))
                        .setSeenUpTo(0)
                        .setReadUpTo(0)
                        .build()
                : StateFormat.ACTIVITY.read(bytes);
        activityObjects.put(user, read);
        return read;
    }

    @Override
    public Optional<FirstCopy> firstCopy(UserKey user, String id, Instant now) {
        Bytes key = RouterStores.firstCopy(user, id);
        long bucket = bucket(now);
        byte[] bytes = dedup.fetch(key, bucket);
        if (bytes == null) {
            bytes = dedup.fetch(key, bucket - Dedup.WINDOW.toMillis());
        }
        return Optional.ofNullable(bytes).map(StateFormat.FIRST_COPY::read);
    }

    @Override
    public Optional<Pending> pending(UserKey user, String id) {
        return Optional.ofNullable(pending.get(RouterStores.pending(user, id))).map(StateFormat.PENDING::read);
    }

    @Override
    public List<Waiting> waiting(UserKey user) {
        List<Waiting> waiting = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries =
                pending.prefixScan(RouterStores.firstPending(user), (topic, prefix) -> prefix.get())) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                waiting.add(
                        new Waiting(RouterStores.pendingId(user, entry.key), StateFormat.PENDING.read(entry.value)));
            }
        }
        return waiting;
    }

    @Override
    public Templates templates() {
        return control.templates();
    }

    @Override
    public Rules rules() {
        return control.rules();
    }

    @Override
    public Optional<BroadcastRun> broadcast(String name) {
        return control.broadcast(name);
    }

    @Override
    public Optional<TokenOwner> tokenOwner(Hash16 tokenHash) {
        return Optional.ofNullable(tokens.get(RouterStores.user(TokenKey.of(tokenHash))))
                .map(StateFormat.TOKEN_OWNER::read);
    }

    @Override
    public PruneBreaker pruneBreaker(Route route) {
        return control.breaker(route);
    }

    @Override
    public Optional<RouteShare> share(Route route) {
        return control.share(route);
    }

    @Override
    public Optional<GatewayLease> lease(String gateway) {
        return control.lease(gateway);
    }

    @Override
    public Collection<GatewayLease> leases() {
        return control.leases();
    }

    @Override
    public Instant behind() {
        Instant behind = control.behind();
        return behind == null ? Instant.EPOCH : behind;
    }

    @Override
    public boolean erased(UserKey user) {
        return control.isErased(user);
    }

    Agenda agenda() {
        return agenda;
    }

    ControlStore control() {
        return control;
    }

    /** Returns the next users of a broadcast, before {@code shardLimit}. */
    Walk walk(BroadcastRun run, int most, int shardLimit) {
        return run.getBroadcast().getTopic() == null
                ? Walk.users(profiles, run, most, shardLimit)
                : Walk.subscribers(subscribers, run, most, shardLimit);
    }

    /** Applies one change, whose value {@code bytes} was made from it before. */
    void apply(Plan.Change change, byte[] bytes, Instant now) {
        if (change instanceof Plan.Change.SaveProfile save) {
            profiles.put(RouterStores.user(save.user()), bytes);
            profileObjects.put(save.user(), save.profile());
        } else if (change instanceof Plan.Change.SaveActivity save) {
            activity.put(RouterStores.user(save.user()), bytes);
            activityObjects.put(save.user(), save.activity());
        } else if (change instanceof Plan.Change.Remember remember) {
            dedup.put(RouterStores.firstCopy(remember.user(), remember.id()), bytes, bucket(now));
        } else if (change instanceof Plan.Change.Schedule schedule) {
            agenda.add(schedule.entry());
            if (bytes != null) {
                pending.put(payload(schedule.entry()), bytes);
            }
        } else if (change instanceof Plan.Change.Pop pop) {
            agenda.pop(pop.entry());
            pending.delete(payload(pop.entry()));
        } else if (change instanceof Plan.Change.Unschedule unschedule) {
            agenda.remove(unschedule.entry());
            pending.delete(payload(unschedule.entry()));
        } else if (change instanceof Plan.Change.Subscribe subscribe) {
            subscribers.put(
                    RouterStores.subscriber(subscribe.user(), subscribe.topic()),
                    subscribe.subscribed() ? PRESENT : null);
        } else if (change instanceof Plan.Change.SaveTokenOwner save) {
            tokens.put(RouterStores.user(TokenKey.of(save.tokenHash())), bytes);
        } else if (change instanceof Plan.Change.SaveCut) {
            cuts.put(bytes, bucket(now));
        } else if (change instanceof Plan.Change.Erase erase) {
            profiles.delete(RouterStores.user(erase.user()));
            activity.delete(RouterStores.user(erase.user()));
            profileObjects.remove(erase.user());
            activityObjects.remove(erase.user());
            control.erase(erase.user(), bytes);
        } else {
            applyToControl(change, bytes);
        }
    }

    private void applyToControl(Plan.Change change, byte[] bytes) {
        if (change instanceof Plan.Change.SaveTemplate save) {
            control.put(save.template(), bytes);
        } else if (change instanceof Plan.Change.SaveRules save) {
            control.put(save.tenant(), save.category(), save.rules(), bytes);
        } else if (change instanceof Plan.Change.SaveBroadcast save) {
            control.put(save.run(), bytes);
        } else if (change instanceof Plan.Change.DropBroadcast drop) {
            control.dropBroadcast(drop.name());
        } else if (change instanceof Plan.Change.SaveLease save) {
            control.put(save.lease(), bytes);
        } else if (change instanceof Plan.Change.DropLease drop) {
            control.dropLease(drop.gateway());
        } else if (change instanceof Plan.Change.SaveBreaker save) {
            control.put(save.route(), save.breaker(), bytes);
            alarms.pruning(partition, save.route(), save.breaker().open());
        } else if (change instanceof Plan.Change.SaveShare save) {
            control.put(save.share(), bytes);
            alarms.shared(partition, save.share());
        } else {
            throw new IllegalStateException(
                    "nothing applies " + change.getClass().getSimpleName());
        }
    }

    private static Bytes payload(AgendaEntry entry) {
        return RouterStores.pending(entry.user(), entry.id());
    }

    private static long bucket(Instant now) {
        long width = Dedup.WINDOW.toMillis();
        return Math.floorDiv(now.toEpochMilli(), width) * width;
    }
}
