package io.herald.topology.router;

import io.herald.schema.Activity;
import io.herald.schema.BroadcastRun;
import io.herald.schema.FirstCopy;
import io.herald.schema.GatewayLease;
import io.herald.schema.Hash16;
import io.herald.schema.Pending;
import io.herald.schema.Profile;
import io.herald.schema.Route;
import io.herald.schema.RouteShare;
import io.herald.schema.TokenOwner;
import io.herald.topology.content.Templates;
import io.herald.topology.feedback.PruneBreaker;
import io.herald.topology.rules.Rules;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What planning may read. Nothing that it returns may be changed: others read the same objects. */
public interface RouterState {
    /** Returns what a user told us; an empty profile for one who never did. */
    Profile profile(UserKey user);

    /** Returns what Herald did for a user; empty for one it never met. */
    Activity activity(UserKey user);

    /** Returns the first copy of what has this id, a notification or a dedup key, within the reach of the window. */
    Optional<FirstCopy> firstCopy(UserKey user, String id, Instant now);

    /** Returns the payload that an agenda entry refers to. */
    Optional<Pending> pending(UserKey user, String id);

    /** Returns all payloads of a user that wait, by id. */
    List<Waiting> waiting(UserKey user);

    /** Returns the templates in force. */
    Templates templates();

    /** Returns the rules in force. */
    Rules rules();

    /** Returns a broadcast that began within the last days. */
    Optional<BroadcastRun> broadcast(String name);

    /** Returns who registered a push token last. */
    Optional<TokenOwner> tokenOwner(Hash16 tokenHash);

    /** Returns how often a provider said lately that an address is gone. */
    PruneBreaker pruneBreaker(Route route);

    /** Returns how a route is shared between its providers; empty where nobody ever said. */
    Optional<RouteShare> share(Route route);

    /** Returns what a gateway said of its life lately. */
    Optional<GatewayLease> lease(String gateway);

    /** Returns that of all gateways. */
    Collection<GatewayLease> leases();

    /** Returns when the router was last behind with its mailbox, as the ticks say; the epoch if it never was. */
    Instant behind();

    /** Returns whether a user was erased. */
    boolean erased(UserKey user);

    /** A payload that waits, and its id. */
    record Waiting(String id, Pending pending) {}
}
