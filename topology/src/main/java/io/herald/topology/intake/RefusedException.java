package io.herald.topology.intake;

import io.herald.schema.Reason;

/** Intake cannot accept a record: it goes to the dead letters with this reason and field. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String field;

    RefusedException(Reason reason, String field, String detail) {
        super(detail);
        this.reason = reason;
        this.field = field;
    }

    static RefusedException invalid(String field, String detail) {
        return new RefusedException(Reason.INVALID, field, detail);
    }

    /** Returns what a dead letter says of it. */
    public Reason reason() {
        return reason;
    }

    /** Returns the field that is wrong, or null where it is the record as a whole. */
    public String field() {
        return field;
    }
}
