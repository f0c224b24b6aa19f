package io.herald.topology.guarantee;

import io.herald.schema.Broadcast;
import io.herald.schema.Connection;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeliveryState;
import io.herald.schema.Gate;
import io.herald.schema.GatewayLeased;
import io.herald.schema.Hash16;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.Origin;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.Reason;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.RuleChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.Transition;
import io.herald.schema.Vendor;
import io.herald.topic.Topic;
import io.herald.topic.Topics;
import io.herald.topology.identity.Ids;
import io.herald.topology.router.Planner;
import io.herald.wire.UserKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/**
 * Everything that was said in one partition of the mailbox, as a list. Whatever is asked is answered by reading the
 * list from the start: no state is kept that could be wrong. Not a promise itself; the promises are held against it.
 */
public final class History implements Guarantee {
    private static final Duration LONGEST_STEP = Duration.ofHours(1);
    private static final Duration NO_LEASE = Duration.ofHours(24);
    private static final int BREAKER_WINDOW = 200;
    private static final int BREAKER_ENOUGH = 50;
    private static final int BREAKER_PERCENT = 20;
    // What pushes that only clear are of.
    private static final String CLEAR = "clear";

    private final Set<Origin> origins = new HashSet<>();
    private final Map<UserKey, List<Fact>> facts = new HashMap<>();
    private final Map<UserKey, Person> people = new HashMap<>();
    private final List<Fact> ofEveryone = new ArrayList<>();
    private final Map<Route, List<Boolean>> gone = new HashMap<>();
    private Mail mail;
    private boolean repeat;
    private Instant now;

    /** Something that was said: the router's time then, and intake's. */
    public record Fact(Instant at, Instant acceptedAt, Object what) {}

    /** That a notification was decided, and is not a repeat of another. */
    record Taken(String notificationId) {}

    /** A rule of a category, and how many changes of it there were up to this one. */
    public record Version(RuleChanged terms, long number) {
        /** Says whether a gate does not stop the category. */
        public boolean passes(Gate gate) {
            return terms.getPasses().contains(gate);
        }
    }

    @Override
    public void read(Mail next) {
        mail = next;
        repeat = next.getOrigin() != null && !origins.add(next.getOrigin());
        if (repeat) {
            return;
        }
        Instant heard = next.getAcceptedAt();
        if (now == null) {
            now = heard;
        } else if (heard.isAfter(now)) {
            now = Collections.min(List.of(heard, now.plus(LONGEST_STEP)));
        }
        Optional<UserKey> user = Planner.user(next);
        if (user.isEmpty()) {
            ofEveryone.add(new Fact(now, next.getAcceptedAt(), next.getBody()));
            return;
        }
        if (next.getBody() instanceof DeliveryReported report
                && !person(user.get()).isErased()) {
            counted(report, user.get());
        }
        learn(user.get(), next.getBody());
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!topic.equals(Topics.LEDGER)) {
            return;
        }
        LedgerEntry entry = (LedgerEntry) value;
        UserKey user = new UserKey(entry.getTenant(), entry.getUser());
        if (entry.getBody() instanceof Decision decision && !decision.getAgain() && isTaken(decision)) {
            learn(user, new Taken(entry.getNotificationId()));
        } else if (entry.getBody() instanceof Transition moved
                && moved.getState() == DeliveryState.DEAD
                && moved.getReason() == Reason.ADDRESS_GONE
                && !moved.getLate()) {
            prune((DeliveryReported) mail.getBody(), user);
        }
    }

    @Override
    public void check() {}

    private void counted(DeliveryReported report, UserKey user) {
        boolean isGone = report.getOutcome() == ReportedOutcome.ADDRESS_GONE;
        if (isGone || report.getOutcome() == ReportedOutcome.ACCEPTED) {
            gone.computeIfAbsent(report.getRoute(), route -> new ArrayList<>()).add(isGone);
        }
        if (isGone && report.getNotificationId().equals(CLEAR)) {
            prune(report, user);
        }
    }

    // A provider that says it of too many is not believed.
    private void prune(DeliveryReported report, UserKey user) {
        List<Boolean> all = gone.get(report.getRoute());
        List<Boolean> last = all.subList(Math.max(0, all.size() - BREAKER_WINDOW), all.size());
        boolean tooMany = last.stream().filter(isGone -> isGone).count() * 100 > (long) last.size() * BREAKER_PERCENT;
        if (last.size() < BREAKER_ENOUGH || !tooMany) {
            learn(user, new Person.Pruned(report.getDelivery(), report.getAsOf()));
        }
    }

    private void learn(UserKey user, Object what) {
        facts.computeIfAbsent(user, key -> new ArrayList<>()).add(new Fact(now, mail.getAcceptedAt(), what));
        people.remove(user);
    }

    private static boolean isTaken(Decision decision) {
        return decision.getReason() == null;
    }

    /** Returns the router's time. */
    public Instant now() {
        return now;
    }

    /** Returns the record of the mailbox that is being read. */
    public Mail mail() {
        return mail;
    }

    /** Returns whether that one is a repeat of intake's, which must change nothing. */
    public boolean isRepeat() {
        return repeat;
    }

    /** Returns the users of whom anything was said. */
    public Set<UserKey> users() {
        return facts.keySet();
    }

    /** Returns what was said of a user, from the first to the last. */
    public List<Fact> facts(UserKey user) {
        return facts.getOrDefault(user, List.of());
    }

    /** Returns a user as they are now. */
    public Person person(UserKey user) {
        return people.computeIfAbsent(user, key -> new Person(user.tenant(), user.user(), facts(user)));
    }

    /** Returns a user as they were after the first {@code count} facts. */
    public Person person(UserKey user, int count) {
        return new Person(user.tenant(), user.user(), facts(user).subList(0, count));
    }

    /** Returns whether a user has a socket at a gateway that lives, and that showed what it was asked to. */
    public boolean isOnline(UserKey user) {
        return person(user).connections().stream().anyMatch(open -> !open.getSilent() && isLive(open));
    }

    /** Returns the gateways that may hold a socket of a user. */
    Set<String> gateways(UserKey user) {
        return person(user).connections().stream()
                .filter(open -> Life.of(open.getGateway(), ofEveryone)
                        .map(life -> life.has(open))
                        .orElse(open.getInstance() == null || isYoung(open, now)))
                .map(Connection::getGateway)
                .collect(Collectors.toSet());
    }

    private boolean isLive(Connection open) {
        return Life.of(open.getGateway(), ofEveryone)
                .map(life -> life.has(open) && life.ends().isAfter(now))
                .orElse(open.getInstance() == null);
    }

    private static boolean isYoung(Connection open, Instant at) {
        return open.getSince().plus(NO_LEASE).isAfter(at);
    }

    /** What a gateway said of itself: which life it is in, since when, and until when that is to be believed. */
    private record Life(String instance, Instant since, Instant ends) {
        static Optional<Life> of(String gateway, List<Fact> facts) {
            Life life = null;
            for (Fact fact : facts) {
                if (fact.what() instanceof GatewayLeased said
                        && said.getGateway().equals(gateway)) {
                    boolean same = life != null && life.instance.equals(said.getInstance());
                    if (same || said.getTtlMs() > 0) {
                        Instant ends = fact.at().plusMillis(said.getTtlMs());
                        life = new Life(said.getInstance(), same ? life.since : fact.at(), ends);
                    }
                }
            }
            return Optional.ofNullable(life);
        }

        boolean has(Connection open) {
            return instance.equals(open.getInstance())
                    ? isYoung(open, since)
                    : !open.getSince().isBefore(since);
        }
    }

    /** Returns the rule of a category that is in force for a user. */
    public Version rule(UserKey user, String category) {
        String tenant = user.tenant();
        Version none = new Version(
                RuleChanged.newBuilder().setTenant(tenant).setCategory(category).build(), 0);
        Version stable = none;
        Version canary = null;
        long number = 0;
        for (Fact fact : ofEveryone) {
            if (fact.what() instanceof RuleChanged rule
                    && rule.getTenant().equals(tenant)
                    && rule.getCategory().equals(category)) {
                number++;
                if (rule.getCanaryPercent() != null && !rule.getRemoved()) {
                    canary = new Version(rule, number);
                } else {
                    stable = new Version(rule.getRemoved() ? none.terms() : rule, number);
                    canary = null;
                }
            }
        }
        return canary != null && share(user, category) < canary.terms().getCanaryPercent() ? canary : stable;
    }

    // Which users are among the first so many of a hundred is drawn by lot; this is the lot.
    private static long share(UserKey user, String category) {
        Hash16 drawn = Ids.hash("canary", user.tenant(), category, user.user());
        return Long.remainderUnsigned(ByteBuffer.wrap(drawn.bytes()).getLong(), 100);
    }

    /** Returns which providers share a route; none: it has one, and nobody says which. */
    public Set<Vendor> vendors(Route route) {
        RouteChanged last = null;
        for (Fact fact : ofEveryone) {
            if (fact.what() instanceof RouteChanged change && change.getRoute() == route) {
                last = change;
            }
        }
        if (last == null || last.getSecond() == 0) {
            return Set.of();
        }
        return last.getFirst() == 0 ? Set.of(Vendor.SECOND) : Set.of(Vendor.FIRST, Vendor.SECOND);
    }

    /** Returns since when the rules of a category are as they are; null: nobody ever gave it any. */
    public Instant rulesSince(String tenant, String category) {
        Instant since = null;
        for (Fact fact : ofEveryone) {
            if (fact.what() instanceof RuleChanged rule
                    && rule.getTenant().equals(tenant)
                    && rule.getCategory().equals(category)) {
                since = fact.at();
            }
        }
        return since;
    }

    /** Returns since when a user's own caps are as they are. */
    public Instant capsSince(UserKey user) {
        return facts(user).stream()
                .filter(fact -> fact.what() instanceof PreferenceChanged change && change.getCaps() != null)
                .map(Fact::at)
                .reduce(Instant.EPOCH, (one, other) -> other);
    }

    /** Returns the templates of a category that are in force. */
    public List<TemplateChanged> templates(String tenant, String category) {
        Map<String, TemplateChanged> last = new HashMap<>();
        for (Fact fact : ofEveryone) {
            if (fact.what() instanceof TemplateChanged template
                    && template.getTenant().equals(tenant)
                    && template.getCategory().equals(category)) {
                last.put(template.getChannel() + "/" + template.getLocale(), template);
            }
        }
        return last.values().stream()
                .filter(template -> template.getTitle() != null)
                .toList();
    }

    /** Returns what was said to everyone. */
    public List<Fact> ofEveryone() {
        return ofEveryone;
    }

    /** Returns the broadcasts that were asked for. */
    public List<Broadcast> broadcasts() {
        return ofEveryone.stream()
                .filter(fact -> fact.what() instanceof Broadcast)
                .map(fact -> (Broadcast) fact.what())
                .toList();
    }

    /** Returns what a notification is, as its first copy said it; empty for one of a broadcast, and for a digest. */
    public Optional<Notification> notification(UserKey user, String id) {
        return facts(user).stream()
                .filter(fact -> fact.what() instanceof Notification)
                .map(fact -> (Notification) fact.what())
                .filter(notification -> notification.getNotificationId().equals(id))
                .findFirst();
    }

    /** Returns the broadcast that a notification is from. */
    public Optional<Broadcast> broadcast(UserKey user, String notificationId) {
        return broadcasts().stream()
                .filter(broadcast -> broadcast.getTenant().equals(user.tenant())
                        && Ids.notification(user.tenant(), broadcast.getSource(), broadcast.getId(), user.user())
                                .equals(notificationId))
                .findFirst();
    }
}
