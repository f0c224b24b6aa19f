package io.herald.topology.rules;

import io.herald.schema.Cap;
import io.herald.schema.RuleChanged;
import io.herald.schema.RuleSet;
import io.herald.topology.identity.Ids;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rules in force. An object over the {@code control} store, rebuilt whenever the task starts. */
public final class Rules {
    // Producers choose categories; those without a rule are not remembered without end.
    private static final int MOST_WITHOUT = 1_000;

    private final Map<Key, Known> known = new HashMap<>();
    private final Map<Key, Rule> without = new HashMap<>();
    private final Map<String, List<Cap>> acrossCategories = new HashMap<>();

    /**
     * Returns what the rules of the changed category become; nothing is taken in. A change for a share of the users
     * stands beside the rule for the others, in place of an earlier such change; a change for all ends it.
     */
    public RuleSet changed(RuleChanged change) {
        RuleSet present = get(change.getTenant(), change.getCategory()).orElse(new RuleSet(null, 0L, null, 0L));
        long version = 1 + Math.max(present.getStableVersion(), present.getCanaryVersion());
        if (change.getRemoved()) {
            return new RuleSet(null, version, null, 0L);
        }
        if (change.getCanaryPercent() != null) {
            return new RuleSet(present.getStable(), present.getStableVersion(), change, version);
        }
        return new RuleSet(change, version, null, 0L);
    }

    /** Takes the rules of a category in, in place of those it had. */
    public void put(String tenant, String category, RuleSet set) {
        Key key = new Key(tenant, category);
        Rule stable = set.getStable() == null
                ? Rule.none(tenant, category, set.getStableVersion())
                : new Rule(set.getStable(), set.getStableVersion());
        Rule canary = set.getCanary() == null ? null : new Rule(set.getCanary(), set.getCanaryVersion());
        known.put(key, new Known(set, stable, canary));
        acrossCategories.put(tenant, acrossCategories(tenant));
    }

    /** Returns the rules of a category, if it ever had any. */
    public Optional<RuleSet> get(String tenant, String category) {
        return Optional.ofNullable(known.get(new Key(tenant, category))).map(Known::set);
    }

    /** Returns the rule that a category has for a user: the canary for its share, the same users every time. */
    public Rule of(String tenant, String category, String user) {
        Key key = new Key(tenant, category);
        Known rules = known.get(key);
        if (rules == null) {
            return without(key);
        }
        boolean canary = rules.canary() != null
                && share(tenant, category, user) < rules.canary().terms().getCanaryPercent();
        return canary ? rules.canary() : rules.stable();
    }

    /**
     * Returns the caps that count what is sent under a rule: its own, and those of the tenant's other rules that count
     * across categories. Only its own ever stop it.
     */
    public List<Cap> counting(Rule rule) {
        List<Cap> others = acrossCategories.getOrDefault(rule.terms().getTenant(), List.of());
        if (others.isEmpty()) {
            return rule.terms().getCaps();
        }
        List<Cap> all = new ArrayList<>(rule.terms().getCaps());
        all.addAll(others);
        return all;
    }

    private List<Cap> acrossCategories(String tenant) {
        Set<Cap> caps = new TreeSet<>();
        known.forEach((key, rules) -> {
            if (key.tenant().equals(tenant)) {
                caps.addAll(acrossCategories(rules.stable()));
                if (rules.canary() != null) {
                    caps.addAll(acrossCategories(rules.canary()));
                }
            }
        });
        return List.copyOf(caps);
    }

    private static List<Cap> acrossCategories(Rule rule) {
        return rule.terms().getCaps().stream()
                .filter(cap -> Boolean.TRUE.equals(cap.getAcrossCategories()))
                .toList();
    }

    private Rule without(Key key) {
        Rule rule = without.get(key);
        if (rule == null) {
            if (without.size() >= MOST_WITHOUT) {
                without.clear();
            }
            rule = Rule.none(key.tenant(), key.category());
            without.put(key, rule);
        }
        return rule;
    }

    // 0 to 99. A larger percentage has every user of a smaller one; another category begins with other users.
    private static long share(String tenant, String category, String user) {
        long bits = ByteBuffer.wrap(Ids.hash("canary", tenant, category, user).bytes())
                .getLong();
        return Long.remainderUnsigned(bits, 100);
    }

    private record Key(String tenant, String category) {}

    private record Known(RuleSet set, Rule stable, Rule canary) {}
}
