package io.herald.topology.content;

/** A template that cannot be used. The message says why, without the template's text. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    TemplateException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** Returns which part of the template is wrong: title, body or html. */
    public String field() {
        return field;
    }
}
