package io.herald.topology.content;

/** A template rendered to more than any channel could use; shortening would only hide what is wrong. */
public final class ContentTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ContentTooLargeException(int most) {
        super("the template renders to more than " + most + " characters");
    }
}
