package io.herald.topology.replay;

import io.herald.topology.snapshot.Manifest;
import io.herald.topology.snapshot.ToolRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses the snapshot that a replay begins with. Pure. */
final class Beginning {
    private Beginning() {}

    /**
     * The mailbox: Kafka's id of it, and for each partition its first offset and that of the first record to replay.
     */
    record Mailbox(String id, List<Long> first, List<Long> from) {}

    /**
     * Returns the newest of {@code manifests} whose state is before all that is to be replayed.
     *
     * @param manifests the newest first
     * @throws ToolRefusedException saying of each why it will not do
     */
    static Manifest choose(List<Manifest> manifests, Mailbox mailbox) {
        List<String> reasons = new ArrayList<>();
        for (Manifest manifest : manifests) {
            Optional<String> reason = whyNot(manifest, mailbox);
            if (reason.isEmpty()) {
                return manifest;
            }
            reasons.add("snapshot " + manifest.id() + " " + reason.get());
        }
        throw new ToolRefusedException("a replay begins with a snapshot from before --from, since what was decided"
                + " depends on all that came before, and there is none"
                + (reasons.isEmpty() ? ". scripts/snapshot takes them" : ":\n  " + String.join("\n  ", reasons)));
    }

    private static Optional<String> whyNot(Manifest manifest, Mailbox mailbox) {
        if (!manifest.mailboxTopicId().equals(mailbox.id())) {
            return Optional.of("is of another mailbox");
        }
        if (manifest.partitions() != mailbox.from().size()) {
            return Optional.of("is of a mailbox of " + manifest.partitions() + " partitions, before it had "
                    + mailbox.from().size());
        }
        for (int partition = 0; partition < manifest.partitions(); partition++) {
            long offset = manifest.mailboxOffsets().get(partition);
            if (offset > mailbox.from().get(partition)) {
                return Optional.of("is of " + manifest.at() + ", after --from");
            }
            if (offset < mailbox.first().get(partition)) {
                return Optional.of("ends at offset " + offset + " of partition " + partition
                        + ", and the mailbox begins only at "
                        + mailbox.first().get(partition));
            }
        }
        return Optional.empty();
    }
}
