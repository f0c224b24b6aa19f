package io.herald.topology.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Cap;
import io.herald.schema.Channel;
import io.herald.schema.Lane;
import io.herald.schema.Overflow;
import io.herald.schema.RuleChanged;
import io.herald.schema.RuleSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
    private static final List<String> USERS =
            IntStream.range(0, 2_000).mapToObj(number -> "user-" + number).toList();

    /** Changes in turn: {@code all}, {@code 30%} for a share, {@code out} to remove the rule. */
    @ParameterizedTest(name = "{5}")
    @CsvSource(nullValues = "-", textBlock = """
            all,            1, 0, true,  false, the first rule
            all all,        2, 0, true,  false, the newest one is in force
            30%,            0, 1, false, true,  a share without a rule for the others
            all 30%,        1, 2, true,  true,  beside the rule for the others
            all 30% 50%,    1, 3, true,  true,  a new share in place of the old one
            all 30% all,    3, 0, true,  false, for all ends the share
            all 30% out,    3, 0, false, false, out takes both
            all out all,    3, 0, true,  false, and the count goes on
            all out 30%,    2, 3, false, true,  also for a share
            """)
    void changesFollowOneAnother(
            String changes, long stableVersion, long canaryVersion, boolean stable, boolean canary, String why) {
        Rules rules = new Rules();
        for (String change : changes.split(" ", -1)) {
            take(rules, change);
        }
        RuleSet set = rules.get("acme", "comment").orElseThrow();
        assertThat(set.getStableVersion()).isEqualTo(stableVersion);
        assertThat(set.getCanaryVersion()).isEqualTo(canaryVersion);
        assertThat(set.getStable() != null).isEqualTo(stable);
        assertThat(set.getCanary() != null).isEqualTo(canary);
    }

    @Test
    void aChangeIsNotTakenInBeforeItIsPut() {
        Rules rules = new Rules();
        RuleSet set = rules.changed(change("all"));
        assertThat(rules.get("acme", "comment")).isEmpty();
        assertThat(rules.of("acme", "comment", "ann")).isEqualTo(Rule.none("acme", "comment"));
        rules.put("acme", "comment", set);
        assertThat(rules.get("acme", "comment")).contains(set);
        assertThat(rules.of("acme", "comment", "ann")).isEqualTo(new Rule(change("all"), 1));
    }

    @Test
    void aRemovedRuleLeavesDefaultsUnderItsOwnVersion() {
        Rules rules = new Rules();
        take(rules, "all");
        take(rules, "out");
        Rule rule = rules.of("acme", "comment", "ann");
        assertThat(rule.version()).isEqualTo(2);
        assertThat(rule.terms()).isEqualTo(Rule.none("acme", "comment").terms());
    }

    @Test
    void rulesAreOfOneTenantAndCategory() {
        Rules rules = new Rules();
        take(rules, "all");
        assertThat(rules.of("acme", "like", "ann").version()).isZero();
        assertThat(rules.of("other", "comment", "ann").version()).isZero();
        assertThat(rules.of("acme", "like", "ann").terms().getCategory()).isEqualTo("like");
    }

    @Test
    void categoriesWithoutARuleAreNotRememberedWithoutEnd() {
        Rules rules = new Rules();
        for (int number = 0; number < 3_000; number++) {
            assertThat(rules.of("acme", "c" + number, "ann").terms().getCategory())
                    .isEqualTo("c" + number);
        }
        rules.put("acme", "c1", new RuleSet(change("all"), 1L, null, 0L));
        assertThat(rules.of("acme", "c1", "ann").version()).isEqualTo(1);
    }

    @Property(tries = 25)
    void aLargerShareHasEveryUserOfASmallerOne(
            @ForAll @IntRange(min = 1, max = 99) int one, @ForAll @IntRange(min = 1, max = 99) int other) {
        Set<String> small = inCanary(Math.min(one, other), "comment");
        Set<String> large = inCanary(Math.max(one, other), "comment");
        assertThat(large).containsAll(small);
        assertThat((double) small.size() / USERS.size())
                .as("a share is about as large as it says")
                .isBetween(Math.min(one, other) / 100.0 - 0.05, Math.min(one, other) / 100.0 + 0.05);
    }

    @Test
    void everyCategoryTriesItsRulesOnOtherUsers() {
        Set<String> both = inCanary(50, "comment");
        both.retainAll(inCanary(50, "like"));
        assertThat((double) both.size() / USERS.size()).isBetween(0.2, 0.3);
    }

    @Test
    void capsAcrossCategoriesCountWhatEveryRuleSends() {
        Cap own = new Cap(Channel.PUSH, null, 1, 1_000L, Overflow.DROP);
        Cap across = new Cap(Channel.PUSH, true, 3, 1_000L, Overflow.DROP);
        Cap canaries = new Cap(null, true, 5, 1_000L, Overflow.DROP);
        Rules rules = new Rules();
        rules.put("acme", "a", new RuleSet(capped("a", own, across), 1L, null, 0L));
        rules.put("acme", "b", new RuleSet(null, 0L, capped("b", canaries), 1L));
        rules.put("other", "c", new RuleSet(capped("c", new Cap(null, true, 9, 1_000L, Overflow.DROP)), 1L, null, 0L));
        assertThat(rules.counting(rules.of("acme", "without", "ann"))).containsExactlyInAnyOrder(across, canaries);
        assertThat(rules.counting(rules.of("acme", "a", "ann"))).contains(own, across, canaries);

        rules.put("acme", "b", new RuleSet(null, 2L, null, 0L));
        assertThat(rules.counting(rules.of("acme", "without", "ann"))).containsExactly(across);
        rules.put("acme", "a", new RuleSet(capped("a", own), 2L, null, 0L));
        assertThat(rules.counting(rules.of("acme", "without", "ann"))).isEmpty();
        assertThat(rules.counting(rules.of("acme", "a", "ann"))).containsExactly(own);
    }

    @Property(tries = 200)
    void versionsNeverComeAgain(@ForAll @Size(max = 20) List<@IntRange(min = 0, max = 2) Integer> kinds) {
        Rules rules = new Rules();
        long before = 0;
        for (int kind : kinds) {
            take(rules, List.of("all", "50%", "out").get(kind));
            RuleSet set = rules.get("acme", "comment").orElseThrow();
            assertThat(Math.max(set.getStableVersion(), set.getCanaryVersion())).isEqualTo(before + 1);
            before++;
            Set<Long> versions = new HashSet<>();
            USERS.stream()
                    .limit(50)
                    .forEach(user ->
                            versions.add(rules.of("acme", "comment", user).version()));
            assertThat(versions).isSubsetOf(set.getStableVersion(), set.getCanaryVersion());
        }
    }

    private static Set<String> inCanary(int percent, String category) {
        Rules rules = new Rules();
        rules.put(
                "acme",
                category,
                new RuleSet(
                        null,
                        0L,
                        RuleChanged.newBuilder(change("all"))
                                .setCategory(category)
                                .setCanaryPercent(percent)
                                .build(),
                        1L));
        Set<String> users = new HashSet<>();
        for (String user : USERS) {
            if (rules.of("acme", category, user).version() == 1) {
                users.add(user);
            }
        }
        return users;
    }

    private static RuleChanged capped(String category, Cap... caps) {
        return RuleChanged.newBuilder()
                .setTenant("acme")
                .setCategory(category)
                .setCaps(List.of(caps))
                .build();
    }

    private static void take(Rules rules, String change) {
        rules.put("acme", "comment", rules.changed(change(change)));
    }

    private static RuleChanged change(String change) {
        return RuleChanged.newBuilder()
                .setTenant("acme")
                .setCategory("comment")
                .setLane(Lane.BULK)
                .setRemoved(change.equals("out"))
                .setCanaryPercent(change.endsWith("%") ? Integer.valueOf(change.replace("%", "")) : null)
                .build();
    }
}
