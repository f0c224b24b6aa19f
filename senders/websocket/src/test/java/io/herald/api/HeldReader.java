package io.herald.api;

import io.herald.schema.InboxItem;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An inbox of one item, of everybody, which hears of writes after so many reads. */
final class HeldReader implements InboxReader {
    static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");

    final AtomicInteger reads = new AtomicInteger();
    volatile int deafFor;
    volatile boolean failing;
    volatile String heard = "a3.0 p3.0 d3.0 s3.0";
    volatile UserProfile profile =
            new UserProfile(7, "{\"zone\":\"Europe/Vienna\"}", "[]", "[\"EMAIL\"]", "[\"sports\"]", "");

    @Override
    public Future<InboxSnapshot> snapshot(UserKey user, long above) {
        return answer(new InboxSnapshot(summary(), List.of(row()), AT));
    }

    @Override
    public Future<InboxPage> page(UserKey user, InboxQuery query) {
        return answer(new InboxPage(summary(), List.of(row()), null, 1, 0, true));
    }

    @Override
    public Future<Optional<InboxRow>> item(UserKey user, long seq) {
        return answer(seq == 1 ? Optional.of(row()) : Optional.empty());
    }

    @Override
    public Future<Optional<InboxSummary>> summary(UserKey user) {
        return answer(Optional.of(summary()));
    }

    @Override
    public Future<Optional<UserProfile>> profile(UserKey user) {
        return answer(Optional.of(new UserProfile(
                profile.version(),
                profile.preferences(),
                profile.devices(),
                profile.contacts(),
                profile.subscriptions(),
                heard())));
    }

    private InboxSummary summary() {
        return new InboxSummary(2, 1, 1, 0, 0, 1, heard(), AT);
    }

    private String heard() {
        return reads.get() < deafFor ? "" : heard;
    }

    private <T> Future<T> answer(T value) {
        reads.incrementAndGet();
        return failing ? Future.failedFuture("no database") : Future.succeededFuture(value);
    }

    private static InboxRow row() {
        InboxItem item = InboxItem.newBuilder()
                .setNotificationId("0198c5a0-0000-7000-8000-000000000042")
                .setCategory("comment")
                .setTitle("<b>Bo</b>")
                .setBody("body")
                .setCreatedAt(AT)
                .setExpiresAt(AT)
                .build();
        return new InboxRow(1, item, null);
    }
}
