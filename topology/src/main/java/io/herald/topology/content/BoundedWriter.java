package io.herald.topology.content;

import java.io.Writer;

/**
 * Collects text up to a bound, so that a template cannot render itself into all of the heap; nor, writing nothing again
 * and again, into all of the time.
 */
final class BoundedWriter extends Writer {
    private static final int MOST_WRITES = 100_000;

    private final StringBuilder text = new StringBuilder();
    private final int most;
    private int writes;

    BoundedWriter(int most) {
        this.most = most;
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        writes++;
        if (text.length() + length > most || writes > MOST_WRITES) {
            throw new ContentTooLargeException(most);
        }
        text.append(buffer, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }
}
