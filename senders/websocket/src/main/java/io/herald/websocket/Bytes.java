package io.herald.websocket;

/** Looks into bytes that are not decoded. */
final class Bytes {
    private Bytes() {}

    /** Returns whether {@code part}, which is not empty, is somewhere in {@code whole}. */
    static boolean contain(byte[] whole, byte[] part) {
        int last = whole.length - part.length;
        for (int from = 0; from <= last; from++) {
            int same = 0;
            while (same < part.length && whole[from + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return true;
            }
        }
        return false;
    }
}
