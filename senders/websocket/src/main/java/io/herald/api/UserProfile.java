package io.herald.api;

/**
 * What a user told us, as JSON texts in the form of topic {@code profile.state}.
 *
 * @param heard which of the user's writes are in it, as {@code io.herald.wire.Heard}
 */
public record UserProfile(
        long version, String preferences, String devices, String contacts, String subscriptions, String heard) {}
