package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.DeliveryState;
import io.herald.schema.Digest;
import io.herald.schema.DigestRule;
import io.herald.schema.Frequency;
import io.herald.schema.Notification;
import io.herald.schema.Pending;
import io.herald.schema.PendingKind;
import io.herald.schema.Reason;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.digest.Digests;
import io.herald.wire.UserKey;
import java.util.Optional;

/** Collects notifications into digests that wait. */
final class Digesting {
    private Digesting() {}

    /** Returns the agenda entry of a digest. */
    static AgendaEntry entry(UserKey user, Digest digest) {
        return new AgendaEntry(
                digest.getLane(),
                digest.getDue(),
                AgendaEntry.Kind.DIGEST,
                user,
                Digests.id(digest.getCategory(), digest.getKey(), digest.getChannel()));
    }

    /** Puts a notification into its digest; returns false for the first one, where the rule sends that by itself. */
    static boolean join(Channel channel, Digests.Terms terms, Decided decided) {
        Draft draft = decided.draft();
        Notification notification = decided.notification();
        String id = Digests.id(notification.getCategory(), terms.key(), channel);
        Optional<Digest> open = draft.pending(id).map(Pending::getDigest);
        Digest digest = open.orElseGet(() -> Digests.open(
                notification,
                channel,
                terms,
                decided.rule().lane(notification),
                draft.now(),
                draft.profile().getZone()));
        if (open.isEmpty() && terms.sendFirst()) {
            schedule(digest, draft);
            return false;
        }
        Digest with = Digests.add(digest, notification, draft.now());
        schedule(with, draft);
        decided.verdicts().end(channel, DeliveryState.SKIPPED, Reason.DIGESTED, with.getDigestId());
        return true;
    }

    /** Puts what is above a cap into a digest; returns false where the rule has none for the channel. */
    static boolean joinOverflow(Channel channel, Decided decided) {
        DigestRule rule = decided.rule().terms().getDigest();
        if (rule == null
                || decided.notification().getDigest() != null
                || !rule.getChannels().contains(channel)) {
            return false;
        }
        String key = Digests.key(decided.rule(), decided.notification());
        return join(channel, new Digests.Terms(Frequency.WINDOW, 0, null, rule.getWindowMs(), key, false), decided);
    }

    /** Keeps a digest until it is due, as it is now. */
    static void schedule(Digest digest, Draft draft) {
        draft.change(new Plan.Change.Schedule(
                entry(draft.user(), digest),
                Pending.newBuilder()
                        .setKind(PendingKind.DIGEST)
                        .setDue(digest.getDue())
                        .setDigest(digest)
                        .setMailboxPartition(draft.cause().partition())
                        .setMailboxOffset(draft.cause().offset())
                        .build()));
    }
}
