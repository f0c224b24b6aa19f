package io.herald.simulator;

import java.time.Instant;

/**
 * A notification that an endpoint has taken.
 *
 * @param deliveryId header webhook-id
 * @param url where it was posted to
 * @param title as a person sees it
 * @param body as a person sees it
 * @param link null if there is none
 * @param signatures how many signatures came with it
 * @param raw the request's body
 */
public record WebhookPost(
        Instant at,
        String deliveryId,
        String url,
        String title,
        String body,
        String link,
        int signatures,
        String raw) {}
