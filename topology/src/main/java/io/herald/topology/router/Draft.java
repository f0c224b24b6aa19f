package io.herald.topology.router;

import io.herald.schema.Activity;
import io.herald.schema.CapLog;
import io.herald.schema.CollapseMark;
import io.herald.schema.Connection;
import io.herald.schema.DeadLetter;
import io.herald.schema.Decision;
import io.herald.schema.Delivery;
import io.herald.schema.InboxUserKey;
import io.herald.schema.Lane;
import io.herald.schema.LedgerEntry;
import io.herald.schema.LedgerState;
import io.herald.schema.LedgerStateKey;
import io.herald.schema.OpenNotification;
import io.herald.schema.Pending;
import io.herald.schema.Profile;
import io.herald.schema.ProfileState;
import io.herald.schema.Realtime;
import io.herald.schema.Transition;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.inbox.Inbox;
import io.herald.topology.ledger.LedgerRows;
import io.herald.topology.ledger.OpenDeliveries;
import io.herald.topology.presence.Sockets;
import io.herald.topology.profile.ShownProfile;
import io.herald.topology.timing.ShelfLife;
import io.herald.wire.GatewayKey;
import io.herald.wire.Heard;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/** One user while a unit is planned: the state as it will be, and the plan that grows with it. */
final class Draft {
    private final UserKey user;
    private final RouterState state;
    private final Cause cause;
    private final Instant now;
    private final Plan plan = new Plan();

    private Profile profile;
    private boolean profileChanged;
    private boolean profileShown;
    private final Profile profileBefore;
    private Heard heard;
    private final Activity before;
    private final Inbox inbox;
    private final OpenDeliveries open;
    private List<Connection> connections;
    private final List<CollapseMark> collapsed;
    private final Set<Long> toClear;
    private List<CapLog> capLogs;
    private Instant clearDue;
    private Instant retentionDue;
    private final Set<Instant> deadlines = new HashSet<>();
    private final Map<String, Optional<Pending>> waiting = new HashMap<>();

    Draft(UserKey user, RouterState state, Cause cause, Instant now) {
        this.user = user;
        this.state = state;
        this.cause = cause;
        this.now = now;
        this.profileBefore = state.profile(user);
        this.profile = profileBefore;
        this.before = state.activity(user);
        this.inbox = new Inbox(
                before.getVersion(),
                before.getLastSeq(),
                bytes(before.getMarks()),
                bytes(before.getAges()),
                before.getSeenUpTo(),
                before.getReadUpTo());
        this.open = new OpenDeliveries(before.getOpen());
        this.connections = Sockets.living(before.getConnections(), state::lease, now);
        this.heard = Heard.parse(before.getHeard());
        this.collapsed = new ArrayList<>(before.getCollapsed());
        this.toClear = new TreeSet<>(before.getToClear());
        this.capLogs = before.getCapLogs();
        this.clearDue = before.getClearDue();
        this.retentionDue = before.getRetentionDue();
    }

    UserKey user() {
        return user;
    }

    Cause cause() {
        return cause;
    }

    Instant now() {
        return now;
    }

    Profile profile() {
        return profile;
    }

    void profile(Profile next) {
        Tokens.release(profile.getDevices(), next.getDevices(), this);
        profile = next;
        profileChanged = true;
    }

    Inbox inbox() {
        return inbox;
    }

    OpenDeliveries open() {
        return open;
    }

    /** Returns the user's sockets, as far as they may still be open. */
    List<Connection> connections() {
        return connections;
    }

    void connections(List<Connection> next) {
        connections = next;
    }

    /** Returns whether the user may look at a screen. */
    boolean isOnline() {
        return Sockets.isOnline(connections, state::lease, now);
    }

    /** Returns which of the user's own writes were heard. */
    Heard heard() {
        return heard;
    }

    /** Notes that more was heard. */
    void heard(Heard more) {
        heard = heard.then(more);
    }

    /** Has the profile shown to the user, also where it stays as it is. */
    void showProfile() {
        profileShown = true;
    }

    /** Which inbox items a later notification may replace, oldest first. */
    List<CollapseMark> collapsed() {
        return collapsed;
    }

    List<CapLog> capLogs() {
        return capLogs;
    }

    void capLogs(List<CapLog> next) {
        capLogs = next;
    }

    /** The inbox items whose push is still to be taken off the user's devices. */
    Set<Long> toClear() {
        return toClear;
    }

    /** Puts the user's next clearing of devices on the agenda, unless it is there. */
    void clearBy(Instant due) {
        if (clearDue == null) {
            clearDue = due;
            change(new Plan.Change.Schedule(new AgendaEntry(Lane.URGENT, due, AgendaEntry.Kind.CLEAR, user, ""), null));
        }
    }

    void cleared() {
        toClear.clear();
        clearDue = null;
    }

    /** Puts the moment when the user's oldest item is too old on the agenda, unless one is there. */
    void retainUntil(Optional<Instant> due) {
        if (retentionDue == null && due.isPresent()) {
            retentionDue = due.get();
            change(new Plan.Change.Schedule(
                    new AgendaEntry(Lane.BULK, retentionDue, AgendaEntry.Kind.RETENTION, user, ""), null));
        }
    }

    void retained() {
        retentionDue = null;
    }

    void change(Plan.Change change) {
        plan.change(change);
        if (change instanceof Plan.Change.Schedule schedule) {
            waiting.put(schedule.entry().id(), Optional.ofNullable(schedule.pending()));
        } else if (change instanceof Plan.Change.Pop pop) {
            waiting.put(pop.entry().id(), Optional.empty());
        } else if (change instanceof Plan.Change.Unschedule unschedule) {
            waiting.put(unschedule.entry().id(), Optional.empty());
        }
    }

    /** Returns a payload that waits as the plan so far leaves it: several things may go into one digest in one plan. */
    Optional<Pending> pending(String id) {
        Optional<Pending> planned = waiting.get(id);
        return planned == null ? state.pending(user, id) : planned;
    }

    /** Puts the user's deadline on the agenda, unless an entry for it is there. */
    void deadline(Instant deadline) {
        if (!open.hasDeadline(deadline) && deadlines.add(deadline)) {
            plan.change(new Plan.Change.Schedule(
                    new AgendaEntry(Lane.BULK, deadline, AgendaEntry.Kind.DEADLINE, user, ""), null));
        }
    }

    void write(Topic topic, SpecificRecord key, SpecificRecord value) {
        plan.write(new Plan.Output(topic, user, key, value));
    }

    /** Tells each gateway that holds a socket of the user; nobody if there is none. */
    void tellSockets(Realtime change) {
        Sockets.gateways(connections).forEach(gateway -> tellSockets(new GatewayKey(gateway), change));
    }

    void tellSockets(GatewayKey gateway, Realtime change) {
        plan.write(new Plan.Output(Topics.REALTIME, gateway, null, change));
    }

    void deliver(Delivery delivery) {
        write(Topics.delivery(delivery), null, delivery);
    }

    void deadLetter(DeadLetter letter) {
        write(Topics.DEAD_LETTER, null, letter);
    }

    void decided(String notificationId, Decision decision) {
        ledger(notificationId, decision);
    }

    void moved(String notificationId, Transition transition) {
        ledger(notificationId, transition);
    }

    /** Writes the row of a notification as it stands, where its category keeps rows of such. */
    void row(OpenNotification notification) {
        if (!LedgerRows.isKept(notification)) {
            return;
        }
        LedgerState row = LedgerRows.row(notification, now);
        write(
                Topics.LEDGER_STATE,
                new LedgerStateKey(user.tenant(), user.user(), notification.getNotificationId()),
                row);
    }

    /** Takes all of the user off the agenda that is not of a payload. */
    void unscheduleUser() {
        // Those of deliveries that have ended are there too, and nothing says which.
        ShelfLife.deadlines(now).forEach(deadline -> unschedule(Lane.BULK, deadline, AgendaEntry.Kind.DEADLINE));
        unschedule(Lane.BULK, retentionDue, AgendaEntry.Kind.RETENTION);
        unschedule(Lane.URGENT, clearDue, AgendaEntry.Kind.CLEAR);
    }

    private void unschedule(Lane lane, Instant due, AgendaEntry.Kind kind) {
        if (due != null) {
            plan.change(new Plan.Change.Unschedule(new AgendaEntry(lane, due, kind, user, "")));
        }
    }

    /** Ends planning for a user of whom nothing is kept. */
    Plan finishErased() {
        return plan;
    }

    /** Ends planning: what changed in the state is now part of the plan. */
    Plan finish() {
        if (profileChanged) {
            plan.change(new Plan.Change.SaveProfile(user, profile));
        }
        if (profileChanged || profileShown) {
            show();
        }
        Activity after = ShallowCopy.of(before, new Activity());
        after.setVersion(inbox.version());
        after.setLastSeq(inbox.lastSeq());
        after.setMarks(ByteBuffer.wrap(inbox.marks()));
        after.setAges(ByteBuffer.wrap(inbox.ages()));
        after.setSeenUpTo(inbox.seenUpTo());
        after.setReadUpTo(inbox.readUpTo());
        after.setConnections(connections);
        after.setOpen(open.asList());
        after.setCollapsed(collapsed);
        after.setToClear(new ArrayList<>(toClear));
        after.setClearDue(clearDue);
        after.setRetentionDue(retentionDue);
        after.setCapLogs(capLogs);
        after.setHeard(heard.toString());
        if (!after.equals(before)) {
            plan.change(new Plan.Change.SaveActivity(user, after));
        }
        return plan;
    }

    // Much of a profile is of no interest to its user: not every change of it shows.
    private void show() {
        ShownProfile shown = ShownProfile.of(profile);
        if (profileShown || !shown.equals(ShownProfile.of(profileBefore))) {
            write(
                    Topics.PROFILE_STATE,
                    new InboxUserKey(user.tenant(), user.user()),
                    new ProfileState(
                            profile.getVersion(),
                            shown.preferences(),
                            shown.devices(),
                            shown.contacts(),
                            shown.subscriptions(),
                            heard.toString(),
                            now));
        }
    }

    private void ledger(String notificationId, SpecificRecord body) {
        write(
                Topics.LEDGER,
                null,
                new LedgerEntry(
                        user.tenant(), user.user(), notificationId, now, cause.partition(), cause.offset(), body));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
