package io.herald.ingest;

import java.util.Arrays;
import java.util.Optional;

/** What a key, or a token by its {@code scope} claim, allows. */
enum Scope {
    NOTIFICATIONS_WRITE("notifications:write"),
    BROADCASTS_WRITE("broadcasts:write"),
    USERS_WRITE("users:write"),
    /** Apart from writing: it cannot be undone. */
    USERS_ERASE("users:erase"),
    RULES_WRITE("rules:write"),
    TEMPLATES_WRITE("templates:write"),
    READ("read");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static Optional<Scope> of(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }
}
