package io.herald.http;

import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * Whom a token speaks for.
 *
 * @param subject a user, or a service where services get tokens
 * @param device the device the token was given to; null where it names none
 * @param scopes what the token allows; empty where it says nothing
 * @param validUntil from when on the token is no longer taken
 */
public record Identity(String tenant, String subject, String device, Set<String> scopes, Instant validUntil) {
    public Identity {
        scopes = Set.copyOf(scopes);
    }

    /** Returns the user whom the token speaks for. */
    public UserKey user() {
        return new UserKey(tenant, subject);
    }

    /** Returns whether the other token was given to the same device of the same user. */
    public boolean sameHolder(Identity other) {
        return user().equals(other.user()) && Objects.equals(device, other.device);
    }
}
