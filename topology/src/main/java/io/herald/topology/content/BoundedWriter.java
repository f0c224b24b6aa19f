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
        count(length);
        text.append(buffer, offset, length);
    }

    // A writer's own way would copy every text into an array of its own first.
    @Override
    public void write(String string, int offset, int length) {
        count(length);
        text.append(string, offset, offset + length);
    }

    private void count(int length) {
        writes++;
        if (text.length() + length > most || writes > MOST_WRITES) {
            throw new ContentTooLargeException(most);
        }
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
