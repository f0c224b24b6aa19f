package io.herald.topology.app;

import java.util.List;

/** Something that Herald relies on is not so; starting would lose or repeat records. */
public final class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartRefusedException(List<String> faults) {
        super("refusing to start: " + String.join("; ", faults));
    }
}
