package io.herald.topology.feedback;

import java.nio.ByteBuffer;

/**
 * Whether to believe a provider that says of many addresses at once that they are gone. That happens when it, or our
 * account with it, is broken; forgetting the addresses could not be undone. One for each route, over its last
 * {@value #WINDOW} outcomes that say whether an address is there: accepted, or gone.
 *
 * <p>A value: the outcomes are bits, the newest the lowest.
 *
 * @param seen how many outcomes there are, at most {@value #WINDOW}
 */
public record PruneBreaker(int seen, long newest, long newer, long older, long oldest) {
    private static final int WINDOW = 200;
    private static final int ENOUGH = 50;
    private static final int MOST_PERCENT = 20;
    private static final long OLDEST_BITS = (1L << (WINDOW - 3 * Long.SIZE)) - 1;
    private static final int BYTES = Short.BYTES + 4 * Long.BYTES;

    /** One that has seen nothing. */
    public static final PruneBreaker NEW = new PruneBreaker(0, 0, 0, 0, 0);

    /**
     * Returns what {@link #bytes} gave; {@link #NEW} of none.
     *
     * @throws IllegalArgumentException if these are others
     */
    public static PruneBreaker of(byte[] bytes) {
        if (bytes.length == 0) {
            return NEW;
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a prune breaker has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer state = ByteBuffer.wrap(bytes);
        return new PruneBreaker(state.getShort(), state.getLong(), state.getLong(), state.getLong(), state.getLong());
    }

    /** Returns it with one more outcome; beyond {@value #WINDOW}, the oldest is forgotten. */
    public PruneBreaker after(boolean gone) {
        return new PruneBreaker(
                Math.min(seen + 1, WINDOW),
                newest << 1 | (gone ? 1 : 0),
                newer << 1 | newest >>> 63,
                older << 1 | newer >>> 63,
                (oldest << 1 | older >>> 63) & OLDEST_BITS);
    }

    /**
     * Returns whether nothing is to be forgotten: more than {@value #MOST_PERCENT} % are gone, of {@value #ENOUGH}
     * outcomes or more.
     */
    public boolean open() {
        return seen >= ENOUGH && gone() * 100 > seen * MOST_PERCENT;
    }

    /** Counts the outcomes that said gone. */
    public int gone() {
        return Long.bitCount(newest) + Long.bitCount(newer) + Long.bitCount(older) + Long.bitCount(oldest);
    }

    /** Returns it as {@link #of} takes it: always the same bytes for the same outcomes. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putShort((short) seen)
                .putLong(newest)
                .putLong(newer)
                .putLong(older)
                .putLong(oldest)
                .array();
    }
}
