package io.herald.topology.simulation;

import io.herald.wire.UserKey;
import java.util.List;

/** Who and what there is in a simulated world: few enough that they meet again and again. */
final class Cast {
    static final String TENANT = "acme";
    static final String SOURCE = "shop";
    static final List<String> CATEGORIES = List.of("comment", "order", "news", "login");
    static final List<String> PEOPLE = List.of("ann", "bob", "cem", "dua", "eve", "fay");
    static final List<String> OBJECTS = List.of("thread-1", "thread-2", "thread-3");
    static final List<String> TOPICS = List.of("sports", "sports/football", "sports/football/arsenal", "weather");
    static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Pacific/Kiritimati",
            "Pacific/Apia");

    private Cast() {}

    /** Draws a user; rarely one of the same name, of another tenant. */
    static UserKey user(Chance chance) {
        return new UserKey(chance.percent(96) ? TENANT : "other", chance.oneOf(PEOPLE));
    }
}
