package io.herald.websocket;

/** A message is not a command. */
final class InvalidCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String field;

    /**
     * Creates an exception.
     *
     * @param id the command's id, or null where it has none that can be read
     * @param field the field that is wrong
     * @param message what is wrong with it; quotes nothing that the client sent
     */
    InvalidCommandException(String id, String field, String message) {
        super(message);
        this.id = id;
        this.field = field;
    }

    String id() {
        return id;
    }

    String field() {
        return field;
    }
}
