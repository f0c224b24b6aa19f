package io.herald.local;

/** Something of the local stack does not start or run; the message says what, and what to do, to whoever runs it. */
public final class StackException extends RuntimeException {
    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
