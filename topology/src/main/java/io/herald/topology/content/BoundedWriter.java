package io.herald.topology.content;

import java.io.Writer;

/** Collects text up to a bound, so that a template cannot render itself into all of the heap. */
final class BoundedWriter extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final int most;

    BoundedWriter(int most) {
        this.most = most;
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        if (text.length() + length > most) {
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
