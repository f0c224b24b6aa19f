package io.herald.topology.simulation;

import io.herald.schema.Channel;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Pair;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The digests that collect, as the reference knows them. */
final class Buckets {
    private final List<Bucket> open = new ArrayList<>();

    /** A digest that collects. */
    static final class Bucket {
        final UserKey user;
        final String category;
        final String key;
        final Channel channel;
        final Instant due;
        final Lane lane;
        final List<Notification> members = new ArrayList<>();
        /** Null while nothing is in it: then nobody has heard of it. */
        String id;

        Instant expiresAt;
        /** It was due on a tick whose credit may not have reached it. */
        boolean maybeGone;

        Bucket(UserKey user, String category, String key, Channel channel, Instant due, Lane lane) {
            this.user = user;
            this.category = category;
            this.key = key;
            this.channel = channel;
            this.due = due;
            this.lane = lane;
        }

        void opened(Instant firstExpiry) {
            expiresAt = firstExpiry;
        }

        void add(Notification notification) {
            members.add(notification);
            expiresAt = notification.getExpiresAt().isAfter(expiresAt) ? notification.getExpiresAt() : expiresAt;
        }

        /** Returns a value that all that is in it have in common. */
        String common(Function<Notification, String> what) {
            List<String> values = members.stream().map(what).distinct().toList();
            return values.size() == 1 ? values.get(0) : null;
        }
    }

    Optional<Bucket> find(UserKey user, String category, String key, Channel channel) {
        return open.stream()
                .filter(bucket -> bucket.user.equals(user)
                        && bucket.category.equals(category)
                        && bucket.key.equals(key)
                        && bucket.channel == channel)
                .findFirst();
    }

    Optional<Bucket> byId(String id) {
        return open.stream().filter(bucket -> id.equals(bucket.id)).findFirst();
    }

    void add(Bucket bucket) {
        open.add(bucket);
    }

    void remove(Bucket bucket) {
        open.remove(bucket);
    }

    void forget(UserKey user) {
        open.removeIf(bucket -> bucket.user.equals(user));
    }

    Stream<Bucket> due(Lane lane, Instant now) {
        return new ArrayList<>(open).stream().filter(bucket -> bucket.lane == lane && !bucket.due.isAfter(now));
    }

    /** Returns what notifications share that go into the same digest, or are alike; null: nothing to go by. */
    static String values(Notification notification, List<String> names) {
        StringBuilder values = new StringBuilder();
        boolean any = false;
        for (String name : names) {
            String value = notification.getData().stream()
                    .filter(pair -> pair.getName().equals(name))
                    .map(Pair::getValue)
                    .findFirst()
                    .orElse(name.equals("object") ? notification.getObject() : null);
            any |= value != null;
            values.append(name).append('=').append(value).append('\n');
        }
        return any ? values.toString() : null;
    }
}
