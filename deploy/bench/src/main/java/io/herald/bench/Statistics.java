package io.herald.bench;

import java.util.Arrays;

/** The few sums that the figures need. */
final class Statistics {
    private Statistics() {}

    /**
     * Returns the smallest of {@code values} that at least {@code share} of them do not exceed: the nearest rank, so
     * always one that was measured.
     *
     * @param share above 0, up to 1
     */
    static long percentile(long[] values, double share) {
        if (values.length == 0 || share <= 0 || share > 1) {
            throw new IllegalArgumentException(values.length + " values, share " + share);
        }
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[rank - 1];
    }

    /** Returns the middle of {@code values}, or what is half way between the two in the middle. */
    static double median(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
