package io.herald.simulator;

import java.time.Instant;
import java.util.List;

/**
 * A push notification that a simulator has taken.
 *
 * @param deliveryId as the payload names it; empty if it does not
 * @param collapse what replaces an earlier one on the device: collapse id or tag; null if there is none
 * @param priority in the provider's words
 * @param expiration until when the provider would keep it; null if the request does not say
 * @param silent whether it shows nothing, but wakes the app
 * @param seq as the payload names it; null if it does not
 * @param clears the seqs of notifications that the app is told to take away
 * @param raw the request's body
 */
public record Push(
        Instant at,
        String deliveryId,
        String token,
        String title,
        String body,
        String link,
        String collapse,
        String priority,
        Instant expiration,
        boolean silent,
        Long seq,
        List<Long> clears,
        String raw) {}
