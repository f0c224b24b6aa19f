package io.herald.ingest;

import java.util.Set;

/**
 * Who asks.
 *
 * @param id {@code key:<id>} or {@code token:<subject>}
 * @param tenant for whom alone they write
 * @param perSecond notifications, or other writes, a second that they may send for long
 * @param burst how many at once
 */
record Caller(String id, String tenant, Set<String> scopes, int perSecond, int burst) {
    Caller {
        scopes = Set.copyOf(scopes);
    }

    boolean may(Scope scope) {
        return scopes.contains(scope.text());
    }
}
