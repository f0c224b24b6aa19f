package io.herald.topology.snapshot;

/** What an operator asked for cannot be done safely; the message says why, and what to do. Nothing was changed. */
public final class ToolRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ToolRefusedException(String message) {
        super(message);
    }

    public ToolRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
