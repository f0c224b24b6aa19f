package org.apache.avro;

/**
 * Bounds what Avro allocates for a record. Avro believes the lengths that a record claims before it looks whether so
 * much follows: fifteen bad bytes ask for gigabytes and end the process, and again after each restart.
 *
 * <p>In Avro's package because Avro reads its limits once, when the first of its classes is touched, and offers no
 * public way to set them later.
 */
public final class Limits {
    private Limits() {}

    /**
     * Sets the limits of this process; what the operator gave as a system property wins.
     *
     * @param bytes the longest text or byte string
     * @param items the longest list
     */
    public static void set(int bytes, int items) {
        setIfAbsent(SystemLimitException.MAX_STRING_LENGTH_PROPERTY, bytes);
        setIfAbsent(SystemLimitException.MAX_BYTES_LENGTH_PROPERTY, bytes);
        setIfAbsent(SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY, items);
        SystemLimitException.resetLimits();
    }

    private static void setIfAbsent(String property, int most) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(most));
        }
    }
}
