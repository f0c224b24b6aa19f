package io.herald.topology.intake;

import io.herald.schema.Reason;

/** Intake cannot accept a record: it goes to the dead letters with this reason and field. */
final class RefusedException extends RuntimeException {
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

    Reason reason() {
        return reason;
    }

    /** Returns the field that is wrong, or null where it is the record as a whole. */
    String field() {
        return field;
    }
}
