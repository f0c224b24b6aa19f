package io.herald.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Names one user everywhere: the key of every topic that is read per user, and the place of that user.
 *
 * <p>A user belongs to one of {@value #SHARDS} virtual shards for ever, and a shard to a partition by proportion. So
 * twice the partitions split each old one cleanly in two, and no record has to be compared with any other to know where
 * it goes. The text form is {@code tenant/user}; a tenant contains no slash, so it is unambiguous.
 */
public record UserKey(String tenant, String user) implements RecordKey {
    /** How many virtual shards there are. Frozen: stores and topics are laid out by it. */
    public static final int SHARDS = 4096;

    /** Reads the text form. */
    public static UserKey parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("not of the form tenant/user");
        }
        return new UserKey(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Returns the record key: the text form in UTF-8. */
    @Override
    public byte[] bytes() {
        return toString().getBytes(UTF_8);
    }

    /** Returns the partition of {@code shard} in a topic of {@code partitions}. */
    public static int partition(int shard, int partitions) {
        return shard * partitions / SHARDS;
    }

    @Override
    public String toString() {
        return tenant + "/" + user;
    }
}
