package io.herald.topology.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Hash16;
import io.herald.schema.Platform;
import io.herald.schema.Profile;
import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenMoved;
import io.herald.schema.TokenOwner;
import io.herald.topology.identity.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenOwnersTest {
    private static final String TOKEN = "token-1";
    private static final Hash16 HASH = Ids.hash(TOKEN);

    /** Before, bob's phone claimed the token in second 5. */
    @ParameterizedTest(name = "{0}''s {1} in second {2}: {6}")
    @CsvSource(nullValues = "-", textBlock = """
            ann, phone,  6, ann, 6, bob phone 5.999,  the later claim wins
            bob, phone,  6, bob, 6, -,                the same device again
            bob, tablet, 6, bob, 6, bob phone 5.999,  the same user's app installed again
            ann, phone,  4, bob, 5, ann phone 4.999,  a claim that comes late has lost
            bob, phone,  4, bob, 5, -,                the same device's older claim
            bob, phone,  5, bob, 5, -,                the same claim again
            bob, tablet, 4, bob, 5, bob tablet 4.999, the same user's device of before
            cyd, phone,  5, cyd, 5, bob phone 5,      at the same moment the higher name wins
            ann, phone,  5, bob, 5, ann phone 5,      from whichever side
            """)
    void theLaterClaimWins(String user, String device, int second, String owner, int since, String moved, String why) {
        Optional<TokenOwner> before = Optional.of(new TokenOwner("acme", "bob", "phone", at(5)));
        TokenOwners.Decision decision = TokenOwners.of(before, claim("acme", user, device, second));
        assertThat(decision.owner().getOwner()).isEqualTo(owner);
        assertThat(decision.owner().getClaimedAt()).isEqualTo(at(since));
        assertThat(decision.changes(before)).isEqualTo(since == 6 || owner.equals("cyd"));
        assertThat(decision.moved()).isEqualTo(Optional.ofNullable(moved).map(TokenOwnersTest::moved));
    }

    @Test
    void theFirstClaimTakesNothingFromAnyone() {
        TokenOwners.Decision decision = TokenOwners.of(Optional.empty(), claim("acme", "ann", "phone", 1));
        assertThat(decision).isEqualTo(new TokenOwners.Decision(owner("ann", 1), Optional.empty()));
        assertThat(decision.changes(Optional.empty())).isTrue();
    }

    @Test
    void aUserOfAnotherTenantIsAnotherUser() {
        TokenOwners.Decision decision = TokenOwners.of(Optional.of(owner("ann", 1)), claim("other", "ann", "phone", 2));
        assertThat(decision.owner().getTenant()).isEqualTo("other");
        assertThat(decision.moved().map(TokenMoved::getTenant)).hasValue("acme");
    }

    /**
     * Users register one token in their own partitions, each in order; the claims reach the token's partition in any
     * order, some twice; and what it says reaches the users at any time after. In the end one device has the token.
     */
    @Property(tries = 500)
    void inTheEndTheLastClaimHasTheToken(@ForAll("claims") List<TokenClaimed> claims, @ForAll Random order) {
        List<TokenClaimed> inTime = new ArrayList<>(claims);
        inTime.sort(Comparator.comparing(TokenClaimed::getClaimedAt)
                .thenComparing(TokenClaimed::getOwner)
                .thenComparing(TokenClaimed::getDevice));
        List<TokenClaimed> arriving = new ArrayList<>(inTime);
        arriving.addAll(inTime.subList(0, inTime.size() / 3));
        Collections.shuffle(arriving, order);

        Users users = new Users();
        List<TokenClaimed> unregistered = new ArrayList<>(inTime);
        List<TokenMoved> onTheWay = new ArrayList<>();
        Optional<TokenOwner> owner = Optional.empty();
        while (!unregistered.isEmpty() || !arriving.isEmpty() || !onTheWay.isEmpty()) {
            int what = order.nextInt(3);
            if (what == 0 && !unregistered.isEmpty()) {
                users.register(unregistered.remove(0));
            } else if (what == 1 && !arriving.isEmpty() && !unregistered.contains(arriving.get(0))) {
                TokenOwners.Decision decision = TokenOwners.of(owner, arriving.remove(0));
                owner = Optional.of(decision.owner());
                decision.moved().ifPresent(onTheWay::add);
            } else if (what == 2 && !onTheWay.isEmpty()) {
                users.hear(onTheWay.remove(order.nextInt(onTheWay.size())));
            }
        }
        TokenClaimed last = inTime.get(inTime.size() - 1);
        assertThat(owner).hasValue(new TokenOwner("acme", last.getOwner(), last.getDevice(), last.getClaimedAt()));
        assertThat(users.holders()).containsExactly(last.getOwner() + " " + last.getDevice());
    }

    @Provide
    Arbitrary<List<TokenClaimed>> claims() {
        return Combinators.combine(
                        Arbitraries.of("ann", "bob", "cyd"),
                        Arbitraries.of("phone", "tablet"),
                        Arbitraries.integers().between(0, 8))
                .as((user, device, second) -> claim("acme", user, device, second))
                .list()
                .uniqueElements()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    /** The users' own partitions. */
    private static final class Users {
        private final Map<String, Profile> profiles = new TreeMap<>();

        void register(TokenClaimed claim) {
            DeviceChanged change = new DeviceChanged(
                    "acme", claim.getOwner(), claim.getDevice(), Platform.FCM, TOKEN, "app", Environment.PRODUCTION);
            profiles.put(claim.getOwner(), Addresses.apply(profile(claim.getOwner()), change, claim.getClaimedAt()));
        }

        void hear(TokenMoved moved) {
            Addresses.moved(profile(moved.getUser()), moved)
                    .ifPresent(without -> profiles.put(moved.getUser(), without));
        }

        List<String> holders() {
            List<String> holders = new ArrayList<>();
            profiles.forEach((user, profile) ->
                    profile.getDevices().forEach(device -> holders.add(user + " " + device.getDevice())));
            return holders;
        }

        private Profile profile(String user) {
            return profiles.getOrDefault(
                    user, Profile.newBuilder().setVersion(0).build());
        }
    }

    private static TokenClaimed claim(String tenant, String user, String device, int second) {
        return new TokenClaimed(HASH, tenant, user, device, at(second));
    }

    private static TokenMoved moved(String text) {
        String[] parts = text.split(" ", -1);
        return new TokenMoved(
                "acme", parts[0], parts[1], HASH, Instant.ofEpochMilli((long) (1_000 * Double.parseDouble(parts[2]))));
    }

    private static TokenOwner owner(String user, int second) {
        return new TokenOwner("acme", user, "phone", at(second));
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }
}
