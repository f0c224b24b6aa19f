package io.herald.simulator;

import java.time.Instant;
import java.util.Map;

/**
 * An e-mail that a simulator has taken.
 *
 * @param deliveryId as its tags name it; empty if they do not
 * @param to the bare address of the one recipient
 * @param toName display name, decoded; empty if there is none
 * @param from the sender, as in the request
 * @param text the plain part; null if there is none
 * @param html the HTML part; null if there is none
 * @param headers those that the sender added, by name
 * @param raw the request's body
 */
public record Mail(
        Instant at,
        String deliveryId,
        String to,
        String toName,
        String from,
        String subject,
        String text,
        String html,
        Map<String, String> tags,
        Map<String, String> headers,
        String raw) {}
