package io.herald.websocket;

import io.herald.wire.UserKey;
import java.time.Instant;

/**
 * Whom a token speaks for.
 *
 * @param device the device the token was given to
 * @param validUntil from when on the token is no longer taken
 */
record Identity(UserKey user, String device, Instant validUntil) {
    /** Returns whether the other token was given to the same device of the same user. */
    boolean sameHolder(Identity other) {
        return user.equals(other.user) && device.equals(other.device);
    }
}
