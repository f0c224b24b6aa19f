package io.herald.sender;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of so many entries at most: beyond them the one goes that was not used for longest. Not thread-safe. */
public final class NewestUsed<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    private final int most;

    /** Creates an empty one. */
    public NewestUsed(int most) {
        super(16, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
