package io.herald.topology.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** What was seen that breaks a promise. */
final class Faults {
    private final List<String> found = new ArrayList<>();

    void add(String fault) {
        found.add(fault);
    }

    void unless(boolean kept, String fault) {
        if (!kept) {
            found.add(fault);
        }
    }

    void check() {
        if (!found.isEmpty()) {
            assertThat(found).as("broken promises").isEmpty();
        }
    }
}
