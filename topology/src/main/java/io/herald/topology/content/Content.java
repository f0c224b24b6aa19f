package io.herald.topology.content;

/**
 * A rendered notification.
 *
 * @param title one line
 * @param body plain text
 * @param html an e-mail's HTML part, or null
 */
public record Content(String title, String body, String html) {}
