package io.herald.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The connectors that write Herald's topics into PostgreSQL. There are several because a backlog in the ledger, which
 * is as long as everything that Herald decides, must not delay the inbox, which people look at, and neither what users
 * are to be forgotten.
 */
public enum Sink {
    /** Topics inbox.item, inbox.mark and inbox.user. */
    INBOX("inbox-sink"),
    /** Topic profile.state: a row is as long as what a user set, and must not delay the inbox either. */
    PROFILE("profile-sink"),
    /** Topics ledger.state and broadcast.state. */
    LEDGER("ledger-sink"),
    /** Topic user.forgotten: what is written to its table removes the user's rows from the others. */
    FORGET("forget-sink");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)}");

    private final String connector;

    Sink(String connector) {
        this.connector = connector;
    }

    /** Returns the connector's name; its consumer group is {@code connect-} and this. */
    public String connector() {
        return connector;
    }

    /**
     * Returns the connector's configuration as JSON, as {@code PUT /connectors/<name>/config} takes it.
     *
     * @param settings a value for each placeholder of {@code connect/<name>.json}: {@code HERALD_DB_URL} (without
     *     parameters), {@code HERALD_DB_USER}, {@code HERALD_DB_PASSWORD}, {@code HERALD_REGISTRY_URL},
     *     {@code HERALD_SINK_TASKS}
     * @throws IllegalArgumentException naming the placeholder that has no value
     */
    public String config(Map<String, String> settings) {
        Matcher placeholders = PLACEHOLDER.matcher(template());
        return placeholders.replaceAll(found -> Matcher.quoteReplacement(value(settings, found)));
    }

    private static String value(Map<String, String> settings, MatchResult placeholder) {
        String value = settings.get(placeholder.group(1));
        if (value == null) {
            throw new IllegalArgumentException("no value for " + placeholder.group(1));
        }
        return value.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private String template() {
        String resource = "/connect/" + connector + ".json";
        try (InputStream template = Sink.class.getResourceAsStream(resource)) {
            return new String(template.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(resource, unreadable);
        }
    }
}
