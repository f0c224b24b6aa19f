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
import io.herald.schema.RuleSet;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenOwner;
import io.herald.topic.Topic;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.feedback.PruneBreaker;
import io.herald.wire.RecordKey;
import io.herald.wire.UserKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Everything that one unit (a record, or one due item) will change and write. Nothing happens before it is applied. */
public final class Plan {
    private final List<Change> changes = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();

    /** A change of the state. */
    public sealed interface Change {
        /** Marks, in every store, where a checkpoint was in the mailbox. */
        record SaveCut(String id, long mailboxOffset) implements Change {}

        /** Keeps a profile. */
        record SaveProfile(UserKey user, Profile profile) implements Change {}

        /** Keeps a user's activity. */
        record SaveActivity(UserKey user, Activity activity) implements Change {}

        /** Remembers the first copy of what has this id, a notification or a dedup key. */
        record Remember(UserKey user, String id, FirstCopy copy) implements Change {}

        /** Takes the rules of a category in. */
        record SaveRules(String tenant, String category, RuleSet rules) implements Change {}

        /** Keeps how far a broadcast is. */
        record SaveBroadcast(BroadcastRun run) implements Change {}

        /** Forgets a broadcast that ended long ago. */
        record DropBroadcast(String name) implements Change {}

        /** Adds a user to a topic's subscribers, or removes them. */
        record Subscribe(UserKey user, String topic, boolean subscribed) implements Change {}

        /** Keeps who registered a push token last; null: nobody. */
        record SaveTokenOwner(Hash16 tokenHash, TokenOwner owner) implements Change {}

        /** Keeps how often a provider said lately that an address is gone. */
        record SaveBreaker(Route route, PruneBreaker breaker) implements Change {}

        /** Keeps how a route is shared between its providers. */
        record SaveShare(RouteShare share) implements Change {}

        /** Keeps what a gateway says of its life. */
        record SaveLease(GatewayLease lease) implements Change {}

        /** Forgets a gateway. */
        record DropLease(String gateway) implements Change {}

        /** Forgets what a user told us and what was done for them, and refuses whatever else comes of them. */
        record Erase(UserKey user, Instant at) implements Change {}

        /** Takes a template in, or out. */
        record SaveTemplate(TemplateChanged template) implements Change {}

        /** Puts an entry on the agenda, with the payload that it refers to, or without one. */
        record Schedule(AgendaEntry entry, Pending pending) implements Change {}

        /** Takes a due entry off the agenda, and its payload with it. */
        record Pop(AgendaEntry entry) implements Change {}

        /** Takes an entry off the agenda before it is due, and its payload with it. */
        record Unschedule(AgendaEntry entry) implements Change {}
    }

    /**
     * A record to write.
     *
     * @param owner whose partition it goes to
     * @param key null where the owner is the key
     * @param value null for a tombstone
     */
    public record Output(Topic topic, RecordKey owner, SpecificRecord key, SpecificRecord value) {}

    /** Returns a plan that changes one thing. */
    static Plan of(Change change) {
        Plan plan = new Plan();
        plan.change(change);
        return plan;
    }

    void change(Change change) {
        changes.add(change);
    }

    void write(Output output) {
        outputs.add(output);
    }

    /** Returns the changes, in order. */
    public List<Change> changes() {
        return Collections.unmodifiableList(changes);
    }

    /** Returns the outputs, in order. */
    public List<Output> outputs() {
        return Collections.unmodifiableList(outputs);
    }
}
