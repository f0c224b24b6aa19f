package io.herald.topology.simulation;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.DeliveryState;
import io.herald.schema.Device;
import io.herald.schema.DigestPreference;
import io.herald.schema.Frequency;
import io.herald.schema.Gate;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.Overflow;
import io.herald.schema.QuietBehaviour;
import io.herald.schema.Reason;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.schema.TemplateChanged;
import io.herald.schema.Unless;
import io.herald.topology.guarantee.Calendar;
import io.herald.topology.guarantee.History;
import io.herald.topology.guarantee.Person;
import io.herald.topology.guarantee.Silence;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says what must become of one channel of a notification, if a rule is the one for this user. Knows no state but lists.
 */
final class Judge {
    private final History history;
    private final Buckets buckets;
    private final HandOuts handOuts;
    private final Known known;
    private final Notification notification;
    private final RuleChanged terms;
    private final Person person;
    private final Instant now;
    private final List<Channel> planned;

    Judge(History history, Buckets buckets, HandOuts handOuts, Known known, RuleChanged terms) {
        this.history = history;
        this.buckets = buckets;
        this.handOuts = handOuts;
        this.known = known;
        this.notification = known.notification;
        this.terms = terms;
        this.person = history.person(known.user);
        this.now = history.now();
        this.planned = planned(notification, terms, history);
    }

    /** Returns the channels that a notification is for: the inbox first. */
    static List<Channel> planned(Notification notification, RuleChanged terms, History history) {
        if (!notification.getChannels().isEmpty()) {
            return notification.getChannels();
        }
        List<Channel> planned =
                new ArrayList<>(terms.getChannels().isEmpty() ? templated(notification, history) : terms.getChannels());
        planned.addAll(terms.getFailover());
        terms.getSteps().forEach(step -> planned.add(step.getChannel()));
        if (planned.contains(Channel.INBOX)) {
            planned.add(0, Channel.INBOX);
        }
        return planned.stream().distinct().toList();
    }

    /** Returns the channels that the category has templates for. */
    static List<Channel> templated(Notification notification, History history) {
        return history.templates(notification.getTenant(), notification.getCategory()).stream()
                .map(TemplateChanged::getChannel)
                .distinct()
                .sorted()
                .toList();
    }

    List<Channel> planned() {
        return planned;
    }

    Lane lane() {
        return notification.getLane() == Lane.BULK ? Lane.BULK : terms.getLane();
    }

    /** Returns whether a channel is wanted in time. */
    boolean hasUse(Channel channel) {
        return unwanted(channel).isEmpty() && notification.getExpiresAt().isAfter(now);
    }

    /** Returns what may become of a channel that waited for {@code waited}; null: it is new. */
    List<Outcome> of(Channel channel, Reason waited) {
        Optional<Reason> unwanted = unwanted(channel);
        if (unwanted.isPresent()) {
            return List.of(Outcome.ends(DeliveryState.SKIPPED, unwanted.get()));
        }
        if (!notification.getExpiresAt().isAfter(now)) {
            return List.of(Outcome.ends(DeliveryState.EXPIRED, Reason.PAST_EXPIRY));
        }
        boolean begins = waited == null || waited == Reason.SEND_AT;
        if (notification.getDigest() == null && begins) {
            if (waited == null
                    && notification.getSendAt() != null
                    && notification.getSendAt().isAfter(now)) {
                return List.of(waits(channel, Reason.SEND_AT, Unless.NEVER, notification.getSendAt()));
            }
            for (Step step : terms.getSteps()) {
                if (step.getChannel() == channel) {
                    return List.of(waits(channel, Reason.STEP, step.getUnless(), now.plusMillis(step.getAfterMs())));
                }
            }
            if (channel == Channel.PUSH && known.seq != null && asksGateways()) {
                return List.of(waits(channel, Reason.ON_SOCKET, Unless.SEEN, null));
            }
        }
        return digested(channel);
    }

    /** Returns what may become of a channel that is to be tried when another one fails. */
    List<Outcome> failover(Channel channel) {
        return unwanted(channel)
                .map(reason -> List.of(Outcome.ends(DeliveryState.SKIPPED, reason)))
                .orElseGet(() -> List.of(waits(channel, Reason.FAILOVER, Unless.READ, notification.getExpiresAt())));
    }

    Optional<Reason> unwanted(Channel channel) {
        String actor = notification.getActor();
        if (known.user.user().equals(actor) && !passes(Gate.OWN_ACT)) {
            return Optional.of(Reason.OWN_ACT);
        }
        if (actor != null && person.hasBlocked(actor) && !passes(Gate.BLOCK)) {
            return Optional.of(Reason.BLOCKED_ACTOR);
        }
        return passes(Gate.OPT_OUT)
                ? Optional.empty()
                : person.optedOut(
                        notification.getCategory(), channel, notification.getTopic(), notification.getObject());
    }

    boolean passes(Gate gate) {
        return terms.getPasses().contains(gate);
    }

    private boolean asksGateways() {
        return terms.getAcknowledgeWithinMs() != null && planned.contains(Channel.PUSH) && history.isOnline(known.user);
    }

    private List<Outcome> digested(Channel channel) {
        if (terms.getDigest() == null
                || notification.getDigest() != null
                || !terms.getDigest().getChannels().contains(channel)) {
            return quiet(channel);
        }
        Optional<DigestPreference> wanted =
                person.digest(notification.getCategory()).filter(digest -> digest.getFrequency() != Frequency.WINDOW);
        Frequency frequency = wanted.map(DigestPreference::getFrequency)
                .orElse(terms.getDigest().getFrequency());
        if (frequency == Frequency.IMMEDIATE) {
            return quiet(channel);
        }
        Instant due = wanted.map(digest ->
                        Calendar.due(frequency, digest.getMinute(), digest.getWeekday(), 0, person.zone(), now))
                .orElseGet(() -> Calendar.due(
                        frequency,
                        terms.getDigest().getMinute(),
                        terms.getDigest().getWeekday(),
                        terms.getDigest().getWindowMs(),
                        person.zone(),
                        now));
        Optional<Buckets.Bucket> open = bucket(channel);
        List<Outcome> outcomes = new ArrayList<>();
        open.ifPresent(bucket -> outcomes.add(join(bucket)));
        if (open.isEmpty() || open.get().maybeGone) {
            Buckets.Bucket fresh = fresh(channel, due);
            if (frequency == Frequency.WINDOW && terms.getDigest().getSendFirst()) {
                quiet(channel).forEach(outcome -> outcomes.add(outcome.and(() -> open(fresh))));
            } else {
                outcomes.add(join(fresh));
            }
        }
        return outcomes;
    }

    private Optional<Buckets.Bucket> bucket(Channel channel) {
        return buckets.find(known.user, notification.getCategory(), key(), channel);
    }

    private Buckets.Bucket fresh(Channel channel, Instant due) {
        return new Buckets.Bucket(known.user, notification.getCategory(), key(), channel, due, lane());
    }

    private String key() {
        String values = Buckets.values(notification, terms.getDigest().getBy());
        return values == null ? "" : values;
    }

    private void open(Buckets.Bucket fresh) {
        buckets.find(fresh.user, fresh.category, fresh.key, fresh.channel).ifPresent(buckets::remove);
        fresh.opened(notification.getExpiresAt());
        buckets.add(fresh);
    }

    private Outcome join(Buckets.Bucket bucket) {
        return Outcome.digested(bucket.id, verdict -> {
            if (bucket.expiresAt == null) {
                open(bucket);
            }
            bucket.id = verdict.getDetail();
            bucket.maybeGone = false;
            bucket.add(notification);
        });
    }

    private List<Outcome> quiet(Channel channel) {
        Optional<Silence> silence = passes(Gate.QUIET_HOURS) ? Optional.empty() : person.silence(channel, now);
        if (silence.isEmpty()) {
            return capped(channel);
        }
        Reason reason = silence.get().reason();
        return List.of(
                terms.getQuietHours() == QuietBehaviour.DROP
                        ? Outcome.ends(DeliveryState.SKIPPED, reason)
                        : waits(channel, reason, Unless.READ, silence.get().until()));
    }

    // Where it is not sure whether a cap counted what went out before it was set, both are right.
    private List<Outcome> capped(Channel channel) {
        if (passes(Gate.CAP)) {
            return reach(channel);
        }
        String category = notification.getCategory();
        List<Cap> surely =
                exceeded(channel, (cap, ofRule) -> handOuts.surely(known.user, cap, ofRule, category, history));
        List<Cap> maybe =
                exceeded(channel, (cap, ofRule) -> handOuts.maybe(known.user, cap, ofRule, category, history));
        List<Outcome> outcomes = new ArrayList<>(surely.isEmpty() ? reach(channel) : List.of());
        boolean collects = notification.getDigest() == null
                && terms.getDigest() != null
                && terms.getDigest().getChannels().contains(channel);
        for (Cap cap : maybe) {
            if (cap.getOverflow() == Overflow.DIGEST && collects) {
                Optional<Buckets.Bucket> open = bucket(channel);
                open.ifPresent(bucket -> outcomes.add(join(bucket)));
                if (open.isEmpty() || open.get().maybeGone) {
                    Instant due = now.plusMillis(terms.getDigest().getWindowMs());
                    outcomes.add(join(fresh(channel, due)));
                }
            } else {
                outcomes.add(Outcome.ends(DeliveryState.SKIPPED, Reason.CAPPED));
            }
        }
        return outcomes;
    }

    private List<Cap> exceeded(Channel channel, BiPredicate<Cap, Boolean> isExceeded) {
        return Stream.concat(
                        terms.getCaps().stream().filter(cap -> isExceeded.test(cap, true)),
                        person.caps().stream().filter(cap -> isExceeded.test(cap, false)))
                .filter(cap -> HandOuts.counts(cap, channel))
                .toList();
    }

    private List<Outcome> reach(Channel channel) {
        Optional<Reason> none = unreachable(channel);
        if (none.isPresent()) {
            return List.of(Outcome.ends(DeliveryState.SKIPPED, none.get()));
        }
        if (!templated(notification, history).contains(channel)) {
            return List.of(Outcome.ends(DeliveryState.SKIPPED, Reason.NO_TEMPLATE));
        }
        Outcome reached = channel == Channel.INBOX
                ? Outcome.ends(DeliveryState.ACCEPTED, null)
                : Outcome.routed(addresses(channel));
        return List.of(reached.and(() -> handOuts.add(known.user, notification.getCategory(), channel, now)));
    }

    private Optional<Reason> unreachable(Channel channel) {
        return switch (channel) {
            case INBOX -> Optional.empty();
            case PUSH -> person.devices().isEmpty() ? Optional.of(Reason.NO_ADDRESS) : Optional.empty();
            case EMAIL, SMS, WEBHOOK -> {
                if (person.contacts(channel).isEmpty()) {
                    yield Optional.of(Reason.NO_ADDRESS);
                }
                yield person.usable(channel, terms.getMarketing()).isEmpty()
                        ? Optional.of(Reason.SUPPRESSED)
                        : Optional.empty();
            }
        };
    }

    private Set<String> addresses(Channel channel) {
        return channel == Channel.PUSH
                ? person.devices().stream().map(Device::getDevice).collect(Collectors.toSet())
                : person.usable(channel, terms.getMarketing()).stream()
                        .map(contact -> Ids.address(known.user.tenant(), contact.getAddress()))
                        .collect(Collectors.toSet());
    }

    private Outcome waits(Channel channel, Reason reason, Unless unless, Instant due) {
        Instant end = notification.getExpiresAt();
        Instant foretold = due == null ? null : due.isBefore(end) ? due : end;
        return Outcome.waits(
                reason,
                foretold,
                verdict -> known.legs.put(channel, new Known.Leg(reason, unless, verdict.getDueAt(), lane())));
    }
}
