package io.herald.topology.router;

import java.io.IOException;

/** A value of the state is not what it should be; whatever needs it cannot be planned. */
final class UnreadableStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableStateException(IOException cause) {
        super("a state value cannot be read", cause);
    }
}
