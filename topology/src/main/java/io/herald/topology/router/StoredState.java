package io.herald.topology.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Activity;
import io.herald.schema.FirstCopy;
import io.herald.schema.Origin;
import io.herald.schema.Pending;
import io.herald.schema.Position;
import io.herald.schema.Profile;
import io.herald.schema.TemplateChanged;
import io.herald.topology.agenda.Agenda;
import io.herald.topology.content.TemplateException;
import io.herald.topology.content.Templates;
import io.herald.topology.dedup.Dedup;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one task, over its stores. Values are in Avro's single-object encoding, which names the schema they were
 * written with. Made anew whenever the task starts, so its object caches never outlive the stores they mirror.
 */
final class StoredState implements RouterState {
    private static final Logger LOG = LoggerFactory.getLogger(StoredState.class);
    private static final Bytes NOW = Bytes.wrap("now".getBytes(UTF_8));
    private static final String TEMPLATE = "template/";

    private final KeyValueStore<Bytes, byte[]> profiles;
    private final KeyValueStore<Bytes, byte[]> activity;
    private final WindowStore<Bytes, byte[]> dedup;
    private final KeyValueStore<Bytes, byte[]> pending;
    private final KeyValueStore<Bytes, byte[]> control;
    private final Cuts cuts;
    private final Agenda agenda;
    private final Templates templates = new Templates();
    private final ObjectCache<UserKey, Profile> profileObjects;
    private final ObjectCache<UserKey, Activity> activityObjects;

    StoredState(ProcessorContext<?, ?> context, int cachedUsers) {
        this.profiles = context.getStateStore(RouterStores.PROFILES);
        this.activity = context.getStateStore(RouterStores.ACTIVITY);
        this.dedup = context.getStateStore(RouterStores.DEDUP_WINDOW);
        this.pending = context.getStateStore(RouterStores.PENDING);
        this.control = context.getStateStore(RouterStores.CONTROL);
        this.cuts = new Cuts(context);
        this.agenda = new Agenda(context.getStateStore(RouterStores.AGENDA));
        this.profileObjects = new ObjectCache<>(cachedUsers);
        this.activityObjects = new ObjectCache<>(cachedUsers);
        Bytes first = Bytes.wrap(TEMPLATE.getBytes(UTF_8));
        try (KeyValueIterator<Bytes, byte[]> entries = control.prefixScan(first, (topic, prefix) -> prefix.get())) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                restore(StateFormat.TEMPLATE.read(entry.value));
            }
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
    public Optional<FirstCopy> firstCopy(UserKey user, String notificationId, Instant now) {
        Bytes key = RouterStores.firstCopy(user, notificationId);
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
    public Templates templates() {
        return templates;
    }

    Agenda agenda() {
        return agenda;
    }

    /** Returns the router's time in this partition, or null before the first record. */
    Instant now() {
        byte[] bytes = control.get(NOW);
        return bytes == null
                ? null
                : Instant.ofEpochMilli(ByteBuffer.wrap(bytes).getLong());
    }

    void now(Instant now) {
        control.put(
                NOW, ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).array());
    }

    /** Notes an origin; returns whether it is above all that were noted of its partition: not a repeat. */
    boolean advance(Origin origin) {
        Bytes key = origin(origin);
        byte[] bytes = control.get(key);
        if (bytes != null) {
            Position highest = StateFormat.POSITION.read(bytes);
            boolean above = origin.getOffset() > highest.getOffset()
                    || (origin.getOffset() == highest.getOffset() && origin.getIndex() > highest.getIndex());
            if (!above) {
                return false;
            }
        }
        control.put(key, StateFormat.POSITION.write(new Position(origin.getOffset(), origin.getIndex())));
        return true;
    }

    /** Applies one change, whose value {@code bytes} was made from it before. */
    void apply(Plan.Change change, byte[] bytes, Instant now) {
        if (change instanceof Plan.Change.SaveCut) {
            cuts.put(bytes, bucket(now));
        } else if (change instanceof Plan.Change.SaveProfile save) {
            profiles.put(RouterStores.user(save.user()), bytes);
            profileObjects.put(save.user(), save.profile());
        } else if (change instanceof Plan.Change.SaveActivity save) {
            activity.put(RouterStores.user(save.user()), bytes);
            activityObjects.put(save.user(), save.activity());
        } else if (change instanceof Plan.Change.Remember remember) {
            dedup.put(RouterStores.firstCopy(remember.user(), remember.notificationId()), bytes, bucket(now));
        } else if (change instanceof Plan.Change.SaveTemplate save) {
            control.put(template(save.template()), save.template().getTitle() == null ? null : bytes);
            templates.change(save.template());
        } else if (change instanceof Plan.Change.Schedule schedule) {
            agenda.add(schedule.entry());
            if (bytes != null) {
                pending.put(
                        RouterStores.pending(
                                schedule.entry().user(), schedule.entry().id()),
                        bytes);
            }
        } else if (change instanceof Plan.Change.Pop pop) {
            agenda.pop(pop.entry());
            pending.delete(RouterStores.pending(pop.entry().user(), pop.entry().id()));
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

    private static long bucket(Instant now) {
        long width = Dedup.WINDOW.toMillis();
        return Math.floorDiv(now.toEpochMilli(), width) * width;
    }

    private static Bytes template(TemplateChanged template) {
        return Bytes.wrap(String.join(
                        "/",
                        TEMPLATE + template.getTenant(),
                        template.getCategory(),
                        template.getChannel().name(),
                        template.getLocale())
                .getBytes(UTF_8));
    }

    private static Bytes origin(Origin origin) {
        ByteBuffer id = ByteBuffer.wrap(origin.getTopicId().bytes());
        return Bytes.wrap(
                ("origin/" + new Uuid(id.getLong(), id.getLong()) + "/" + origin.getPartition()).getBytes(UTF_8));
    }
}
