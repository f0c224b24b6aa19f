package io.herald.simulator;

import java.time.Instant;

/**
 * A push notification that a simulator has taken.
 *
 * @param deliveryId as the payload names it; empty if it does not
 * @param collapse what replaces an earlier one on the device: collapse id or tag; null if there is none
 * @param priority in the provider's words
 * @param expiration until when the provider would keep it; null if the request does not say
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
        String raw) {}
