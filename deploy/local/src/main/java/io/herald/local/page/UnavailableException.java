package io.herald.local.page;

/** Something that the page needs does not answer. */
final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnavailableException(String what, Throwable cause) {
        super(what + " does not answer: try again", cause);
    }
}
