package io.herald.wire;

/** The bytes of a record can never be read: it belongs to the dead letters. */
public final class UnreadableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unknownSchema;

    UnreadableRecordException(boolean unknownSchema, String message, Throwable cause) {
        super(message, cause);
        this.unknownSchema = unknownSchema;
    }

    /** Returns whether the registry does not know the record's schema id. */
    public boolean unknownSchema() {
        return unknownSchema;
    }
}
