package io.herald.topology.snapshot;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The arguments of a tool: {@code --name value} and {@code --flag}. */
public final class Arguments {
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();

    /**
     * Reads {@code words}.
     *
     * @throws IllegalArgumentException naming what is unknown or lacks its value
     */
    public static Arguments parse(Set<String> names, Set<String> flags, String... words) {
        Arguments arguments = new Arguments();
        for (int at = 0; at < words.length; at++) {
            String word = words[at];
            if (flags.contains(word)) {
                arguments.flags.add(word);
            } else if (names.contains(word) && at + 1 < words.length) {
                at++;
                arguments.values.put(word, words[at]);
            } else {
                throw new IllegalArgumentException(
                        names.contains(word) ? word + " needs a value" : "unknown argument " + word);
            }
        }
        return arguments;
    }

    public boolean has(String flag) {
        return flags.contains(flag);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Returns the folder of snapshots: {@code --dir}, or {@code snapshots} here. */
    public Path folder() {
        return Path.of(values.getOrDefault("--dir", "snapshots"))
                .toAbsolutePath()
                .normalize();
    }

    /** Returns an ISO 8601 time, with a zone. */
    public Optional<Instant> time(String name) {
        return text(name).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException wrong) {
                throw new IllegalArgumentException(
                        name + " " + text + " is not a time such as 2026-03-02T10:00:00Z", wrong);
            }
        });
    }

    /** Returns a whole number. */
    public Optional<Integer> number(String name) {
        return text(name).map(text -> {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException wrong) {
                throw new IllegalArgumentException(name + " " + text + " is not a whole number", wrong);
            }
        });
    }
}
