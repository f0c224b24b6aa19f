package io.herald.topology.address;

import io.herald.schema.Hash16;
import io.herald.topology.identity.Ids;
import io.herald.wire.UserKey;

/**
 * Where a push token has its place. Its users may live in different partitions, so who has it is decided in the
 * partition of the token itself, to which every registration is told.
 */
public final class TokenKey {
    // Nobody is notified under it: it only places, and names the key in the mailbox.
    private static final String TENANT = "herald";
    private static final String PREFIX = "token/";

    private TokenKey() {}

    /** Names a token without telling it. */
    public static Hash16 hash(String token) {
        return Ids.hash(token);
    }

    /** Returns the key by which a token is placed. */
    public static UserKey of(Hash16 tokenHash) {
        return new UserKey(TENANT, PREFIX + Ids.text(tokenHash));
    }
}
