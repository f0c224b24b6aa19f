package io.herald.topology.rules;

import io.herald.schema.Channel;
import io.herald.schema.Gate;
import io.herald.schema.Lane;
import io.herald.schema.Notification;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.topology.identity.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A category's rule as one user sees it.
 *
 * @param terms what it says
 * @param version counts the changes of the category up to it; 0: nobody ever gave it a rule
 */
public record Rule(RuleChanged terms, long version) {
    /** How long a notification lives whose event and whose rule say nothing; intake starts from it. */
    public static final Duration DEFAULT_LIFE = Duration.ofDays(3);

    /** Returns the rule of a category that has none: every default. */
    public static Rule none(String tenant, String category) {
        return none(tenant, category, 0);
    }

    static Rule none(String tenant, String category, long version) {
        return new Rule(
                RuleChanged.newBuilder().setTenant(tenant).setCategory(category).build(), version);
    }

    /** Returns where notifications go that name no channels: in the rule's order, or where there are templates. */
    public List<Channel> channels(List<Channel> templated) {
        return terms.getChannels().isEmpty() ? templated : terms.getChannels();
    }

    /** Returns what a channel waits for, if the rule lets it wait. */
    public Optional<Step> step(Channel channel) {
        for (Step step : terms.getSteps()) {
            if (step.getChannel() == channel) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    /** Says whether {@code gate} does not stop this category. */
    public boolean passes(Gate gate) {
        return terms.getPasses().contains(gate);
    }

    /**
     * Returns what two notifications for one user share if the rule calls the later one a duplicate, whatever their
     * ids. Absent if the rule compares nothing, or if the event has none of the values that it compares.
     */
    public Optional<String> dedupKey(Notification notification) {
        return EventValues.fingerprint(notification, terms.getDedupBy())
                .map(values -> Ids.text(Ids.hash(
                        "dedup",
                        notification.getTenant(),
                        notification.getUser(),
                        notification.getCategory(),
                        values)));
    }

    /**
     * Returns what two notifications for one user share if the later one takes the place of the earlier one: the
     * event's own key, else the values that the rule names. Never shared by two categories. 32 hex digits, which every
     * provider takes as a collapse key, tag or topic. A digest has none: it stands for many, and on one channel only,
     * so it must not take away what the others brought, nor one later event take it away.
     */
    public Optional<String> collapse(Notification notification) {
        if (notification.getDigest() != null) {
            return Optional.empty();
        }
        String own = notification.getCollapseKey();
        if (own != null) {
            return Optional.of(Ids.text(Ids.hash("collapse", notification.getCategory(), "key", own)));
        }
        return EventValues.fingerprint(notification, terms.getCollapseBy())
                .map(values -> Ids.text(Ids.hash("collapse", notification.getCategory(), "by", values)));
    }

    /** Returns until when a notification is worth sending: as the event says, else as the rule says. */
    public Instant expiresAt(Notification notification) {
        Instant expiresAt = notification.getExpiresAt();
        if (notification.getExpiryGiven() || terms.getExpiryMs() == null) {
            return expiresAt;
        }
        return expiresAt.minus(DEFAULT_LIFE).plusMillis(terms.getExpiryMs());
    }

    /** Returns the lane: what came in as bulk stays bulk, whatever its rule says. */
    public Lane lane(Notification notification) {
        return notification.getLane() == Lane.BULK ? Lane.BULK : terms.getLane();
    }

    /** Says whether other channels are tried when this one fails, or this one when others do. */
    public boolean isInFailover(Channel channel) {
        return terms.getFailover().contains(channel);
    }

    /**
     * Returns how many channels of the failover order are tried between {@code failed} and {@code next}. The order goes
     * round, and what is not in it comes last: so nothing that began to wait under another order is forgotten.
     */
    public int stepsBehind(Channel failed, Channel next) {
        List<Channel> order = terms.getFailover();
        return order.contains(next)
                ? Math.floorMod(order.indexOf(next) - order.indexOf(failed), order.size())
                : order.size();
    }
}
