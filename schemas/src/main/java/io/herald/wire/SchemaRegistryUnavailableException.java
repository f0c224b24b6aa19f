package io.herald.wire;

/** The schema registry could not be asked; the record says nothing about itself. Try again later, lose nothing. */
public final class SchemaRegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaRegistryUnavailableException(Throwable cause) {
        super("the schema registry cannot be asked", cause);
    }
}
