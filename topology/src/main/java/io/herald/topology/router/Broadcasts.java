package io.herald.topology.router;

import io.herald.schema.Broadcast;
import io.herald.schema.BroadcastAction;
import io.herald.schema.BroadcastControlled;
import io.herald.schema.BroadcastPhase;
import io.herald.schema.BroadcastRun;
import io.herald.schema.BroadcastState;
import io.herald.schema.BroadcastStateKey;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Profile;
import io.herald.topic.Topics;
import io.herald.topology.audience.Filters;
import io.herald.topology.audience.Subscriptions;
import io.herald.topology.identity.Ids;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A broadcast in one partition: begun, controlled, and walked a few users at a time. The users that were looked at and
 * the cursor behind them are of one transaction, so that each is met once though the task dies half way.
 */
final class Broadcasts {
    private static final Duration DEFAULT_LIFE = Duration.ofDays(3);
    // As long as its notifications can wait.
    private static final Duration KEPT = Duration.ofDays(28);

    private Broadcasts() {}

    /** Returns the name by which a broadcast is kept. */
    static String name(String tenant, String source, String id) {
        return String.join("/", tenant, source, id);
    }

    /** Returns the name by which a broadcast is kept. */
    static String name(BroadcastRun run) {
        Broadcast broadcast = run.getBroadcast();
        return name(broadcast.getTenant(), broadcast.getSource(), broadcast.getId());
    }

    /** Returns whether the broadcast of that name was cancelled: then nothing of it that waits goes out any more. */
    static boolean isCalledOff(String name, RouterState state) {
        return state.broadcast(name)
                .filter(run -> run.getPhase() == BroadcastPhase.CANCELLED)
                .isPresent();
    }

    /** Returns whether a broadcast has the id of one that is known, and says something else: a producer's mistake. */
    static boolean isOther(Broadcast broadcast, RouterState state) {
        return state.broadcast(name(broadcast.getTenant(), broadcast.getSource(), broadcast.getId()))
                .filter(known -> !known.getBroadcast().getContentHash().equals(broadcast.getContentHash()))
                .isPresent();
    }

    /** Plans the beginning; one that is known already, by any copy of its record, goes on as it does. */
    static Plan begin(Broadcast broadcast, RouterState state, Cause cause, Instant now) {
        Plan plan = new Plan();
        String name = name(broadcast.getTenant(), broadcast.getSource(), broadcast.getId());
        if (state.broadcast(name).isEmpty()) {
            boolean waits =
                    broadcast.getSendAt() != null && broadcast.getSendAt().isAfter(now);
            keep(
                    BroadcastRun.newBuilder()
                            .setBroadcast(broadcast)
                            .setPhase(waits ? BroadcastPhase.WAITING : BroadcastPhase.RUNNING)
                            .setMailboxOffset(cause.offset())
                            .setStartedAt(waits ? null : now)
                            .setCursor(ByteBuffer.allocate(0))
                            .build(),
                    plan,
                    cause,
                    now);
        }
        return plan;
    }

    /** Plans a pause, a resume or a cancel; one that does not fit where the broadcast is changes nothing. */
    static Plan control(BroadcastControlled control, RouterState state, Cause cause, Instant now) {
        Plan plan = new Plan();
        state.broadcast(name(control.getTenant(), control.getSource(), control.getId()))
                .flatMap(run -> controlled(run, control.getAction(), now))
                .ifPresent(run -> keep(run, plan, cause, now));
        return plan;
    }

    /** Returns whether a broadcast is to be walked at {@code now}; one that waited begins with it. */
    static Optional<BroadcastRun> running(BroadcastRun run, Instant now) {
        return switch (run.getPhase()) {
            case RUNNING -> Optional.of(run);
            case WAITING ->
                run.getBroadcast().getSendAt().isAfter(now)
                        ? Optional.empty()
                        : Optional.of(BroadcastRun.newBuilder(run)
                                .setPhase(BroadcastPhase.RUNNING)
                                .setStartedAt(now)
                                .build());
            case PAUSED, CANCELLED, DONE -> Optional.empty();
        };
    }

    /**
     * Returns the shard before which the walk stays at {@code now}: spread evenly, all shards are reached when the time
     * that the broadcast may take is over.
     */
    static int shardLimit(BroadcastRun run, Instant now) {
        Long spread = run.getBroadcast().getSpreadOverMs();
        if (spread == null || spread == 0) {
            return UserKey.SHARDS;
        }
        long elapsed = Duration.between(run.getStartedAt(), now).toMillis() - run.getPausedMs();
        return (int) Math.min(UserKey.SHARDS, UserKey.SHARDS * Math.max(0, elapsed) / spread + 1);
    }

    /**
     * Returns whether a user is meant. For a topic, only where the walk meets them by their nearest subscription; or by
     * a farther one, if the nearer is so new that the walk had passed it already.
     *
     * @param had whether they may have been met by a nearer one
     */
    static boolean isFor(BroadcastRun run, Profile profile, String metBy, BooleanSupplier had) {
        Broadcast broadcast = run.getBroadcast();
        return Filters.match(profile, broadcast.getFilters())
                && (broadcast.getTopic() == null
                        || Subscriptions.reachedBy(profile, broadcast.getTopic())
                                .filter(nearest -> nearest.equals(metBy) || !had.getAsBoolean())
                                .isPresent());
    }

    /** Returns what a broadcast is for one user. */
    static Notification notification(BroadcastRun run, UserKey user) {
        Broadcast broadcast = run.getBroadcast();
        return Notification.newBuilder()
                .setTenant(user.tenant())
                .setUser(user.user())
                .setNotificationId(
                        Ids.notification(user.tenant(), broadcast.getSource(), broadcast.getId(), user.user()))
                .setSource(broadcast.getSource())
                .setEventId(broadcast.getId())
                .setCategory(broadcast.getCategory())
                .setActor(broadcast.getActor())
                .setData(broadcast.getData())
                .setChannels(broadcast.getChannels())
                .setLink(broadcast.getLink())
                .setCollapseKey(broadcast.getCollapseKey())
                .setObject(broadcast.getObject())
                .setOccurredAt(broadcast.getAcceptedAt())
                .setExpiresAt(
                        broadcast.getExpiresAt() == null
                                ? run.getStartedAt().plus(DEFAULT_LIFE)
                                : broadcast.getExpiresAt())
                .setExpiryGiven(broadcast.getExpiresAt() != null)
                .setContentHash(broadcast.getContentHash())
                .setTopic(broadcast.getTopic())
                .setBroadcastId(name(run))
                .setLane(Lane.BULK)
                .build();
    }

    /** Returns a broadcast after some of its users were walked. */
    static BroadcastRun after(BroadcastRun run, Walk walk, int notified, int failed, int shardLimit, Instant now) {
        boolean done = walk.done() && shardLimit == UserKey.SHARDS;
        return BroadcastRun.newBuilder(run)
                .setCursor(walk.cursor())
                .setLooked(run.getLooked() + walk.met().size())
                .setNotified(run.getNotified() + notified)
                .setFailed(run.getFailed() + failed)
                .setPhase(done ? BroadcastPhase.DONE : BroadcastPhase.RUNNING)
                .setEndedAt(done ? now : null)
                .build();
    }

    /** Returns whether a broadcast ended so long ago that nothing of it can be asked for any more. */
    static boolean isForgotten(BroadcastRun run, Instant now) {
        return run.getEndedAt() != null && run.getEndedAt().plus(KEPT).isBefore(now);
    }

    /** Keeps how far a broadcast is, and tells it to whoever asks PostgreSQL. */
    static void keep(BroadcastRun run, Plan plan, Cause cause, Instant now) {
        Broadcast broadcast = run.getBroadcast();
        plan.change(new Plan.Change.SaveBroadcast(run));
        plan.write(new Plan.Output(
                Topics.BROADCAST_STATE,
                new UserKey(broadcast.getTenant(), broadcast.getId()),
                new BroadcastStateKey(
                        broadcast.getTenant(), broadcast.getSource(), broadcast.getId(), cause.partition()),
                new BroadcastState(
                        broadcast.getCategory(),
                        run.getPhase().name(),
                        run.getLooked(),
                        run.getNotified(),
                        run.getFailed(),
                        run.getStartedAt(),
                        run.getEndedAt(),
                        now)));
    }

    private static Optional<BroadcastRun> controlled(BroadcastRun run, BroadcastAction action, Instant now) {
        BroadcastRun.Builder next = BroadcastRun.newBuilder(run);
        boolean paused = run.getPhase() == BroadcastPhase.PAUSED;
        boolean under = run.getPhase() == BroadcastPhase.RUNNING || run.getPhase() == BroadcastPhase.WAITING;
        return switch (action) {
            case PAUSE ->
                under
                        ? Optional.of(next.setPhase(BroadcastPhase.PAUSED)
                                .setPausedAt(now)
                                .build())
                        : Optional.empty();
            case RESUME -> paused ? Optional.of(resumed(run, now)) : Optional.empty();
            // One that is done may still have notifications that wait.
            case CANCEL ->
                run.getPhase() == BroadcastPhase.CANCELLED
                        ? Optional.empty()
                        : Optional.of(next.setPhase(BroadcastPhase.CANCELLED)
                                .setEndedAt(now)
                                .build());
        };
    }

    private static BroadcastRun resumed(BroadcastRun run, Instant now) {
        boolean began = run.getStartedAt() != null;
        return BroadcastRun.newBuilder(run)
                .setPhase(began ? BroadcastPhase.RUNNING : BroadcastPhase.WAITING)
                .setPausedAt(null)
                .setPausedMs(
                        began
                                ? run.getPausedMs()
                                        + Duration.between(run.getPausedAt(), now)
                                                .toMillis()
                                : 0)
                .build();
    }
}
