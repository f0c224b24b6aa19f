package io.herald.sender;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The metadata of a committed offset: which of the records from there on are done.
 *
 * <p>Format: {@code 1:} and Base64 of variable-length numbers: how far {@code end} is from the committed offset, then
 * the distance of each open record from the one before it. The first open record is the committed offset itself.
 *
 * @param end all records below are done, but for {@code open}
 * @param open ascending
 */
record ProgressNote(long end, List<Long> open) {
    private static final String VERSION = "1:";

    /** The broker takes 4,096 characters (offset.metadata.max.bytes): three bytes make four of them. */
    private static final int MOST_BYTES = 3_000;

    private static final int LONGEST_NUMBER = 10;

    /** Reads a note. One that cannot be read says that nothing from {@code offset} on is done, which only repeats. */
    static ProgressNote parse(long offset, String metadata) {
        ProgressNote nothing = new ProgressNote(offset, List.of());
        if (!metadata.startsWith(VERSION)) {
            return nothing;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(metadata.substring(VERSION.length())));
            long end = offset + number(bytes);
            List<Long> open = new ArrayList<>();
            open.add(offset);
            long last = offset;
            while (bytes.hasRemaining()) {
                last += number(bytes);
                open.add(last);
            }
            return new ProgressNote(end, open);
        } catch (RuntimeException unreadable) {
            return nothing;
        }
    }

    /** Writes the note; nothing where all is done. One too long for the broker ends early, which only repeats. */
    String format() {
        if (open.isEmpty()) {
            return "";
        }
        long first = open.get(0);
        long last = first;
        long reached = end;
        ByteBuffer distances = ByteBuffer.allocate(MOST_BYTES);
        for (long offset : open.subList(1, open.size())) {
            if (distances.remaining() < 2 * LONGEST_NUMBER) {
                reached = offset;
                break;
            }
            put(distances, offset - last);
            last = offset;
        }
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        put(bytes, reached - first);
        bytes.put(distances.flip()).flip();
        byte[] note = new byte[bytes.remaining()];
        bytes.get(note);
        return VERSION + Base64.getEncoder().encodeToString(note);
    }

    private static void put(ByteBuffer bytes, long number) {
        long rest = number;
        while (rest >= 0x80) {
            bytes.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    private static long number(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number does not end");
    }
}
