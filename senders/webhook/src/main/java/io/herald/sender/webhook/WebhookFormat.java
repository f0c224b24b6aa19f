package io.herald.sender.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.schema.Delivery;
import java.net.URI;
import java.util.Optional;

/** How an endpoint wants a notification written. */
enum WebhookFormat {
    /** Herald's own JSON, signed as Standard Webhooks has it. */
    WEBHOOK {
        @Override
        String body(Delivery delivery) {
            return WebhookEvent.of(delivery);
        }
    },
    /** An incoming webhook of Slack. */
    SLACK {
        @Override
        String body(Delivery delivery) {
            return SlackMessage.of(delivery);
        }
    },
    /** A workflow of Teams that posts cards. */
    TEAMS {
        @Override
        String body(Delivery delivery) {
            return TeamsCard.of(delivery);
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the request's body. */
    abstract String body(Delivery delivery);

    /**
     * Returns the format that a delivery names.
     *
     * @param app null counts as {@link #WEBHOOK}
     * @return nothing if it is none
     */
    static Optional<WebhookFormat> of(String app) {
        if (app == null) {
            return Optional.of(WEBHOOK);
        }
        for (WebhookFormat each : values()) {
            if (each.name().equals(app)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Returns a link that a chat may show; nothing if it is none, or one into an app. */
    static Optional<URI> webLink(Delivery delivery) {
        if (delivery.getLink() == null) {
            return Optional.empty();
        }
        try {
            URI link = URI.create(delivery.getLink());
            boolean web = "https".equalsIgnoreCase(link.getScheme()) || "http".equalsIgnoreCase(link.getScheme());
            return web && link.getHost() != null ? Optional.of(link) : Optional.empty();
        } catch (IllegalArgumentException notALink) {
            return Optional.empty();
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String text(ObjectNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts and numbers are always JSON", impossible);
        }
    }
}
