package io.herald.simulator;

import java.time.Instant;

/**
 * An SMS that a simulator has taken.
 *
 * @param sid the id that it was given
 * @param deliveryId as the URL of its callbacks names it; empty if it does not
 * @param from a number, an alphanumeric sender or a messaging service
 * @param validSeconds how long the carrier may try; null if the request does not say
 * @param statusCallback where its callbacks go; empty for nowhere
 * @param raw the request's body
 */
public record SmsMessage(
        Instant at,
        String sid,
        String deliveryId,
        String to,
        String from,
        String body,
        Integer validSeconds,
        String statusCallback,
        String raw) {}
