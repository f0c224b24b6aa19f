package io.herald.topology.address;

import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenMoved;
import io.herald.schema.TokenOwner;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whose device a push token is: of the user who registered it last. A phone that changes hands, or accounts, keeps its
 * token; its former user must not be read out on it. Users live in different partitions, so each registration is also a
 * claim, decided in the partition of the token.
 *
 * <p>The later claim wins in whatever order claims arrive, and however often: of two at the same moment, the one whose
 * user and device sort higher.
 */
public final class TokenOwners {
    private static final Comparator<TokenOwner> LATER = Comparator.comparing(TokenOwner::getClaimedAt)
            .thenComparing(TokenOwner::getTenant)
            .thenComparing(TokenOwner::getOwner)
            .thenComparing(TokenOwner::getDevice);

    private TokenOwners() {}

    /**
     * What a claim comes to.
     *
     * @param owner whose the token is now
     * @param moved tells whoever lost it, or claims it too late; empty if nobody does
     */
    public record Decision(TokenOwner owner, Optional<TokenMoved> moved) {
        /** Returns whether {@code before} has to be written anew. */
        public boolean changes(Optional<TokenOwner> before) {
            return !Optional.of(owner).equals(before);
        }
    }

    /**
     * Decides a claim. A user's other device with the same token loses it as another user would: it is the same phone,
     * whose app was installed again.
     *
     * @param before whose the token was, as far as was known
     */
    public static Decision of(Optional<TokenOwner> before, TokenClaimed claim) {
        TokenOwner claimer =
                new TokenOwner(claim.getTenant(), claim.getOwner(), claim.getDevice(), claim.getClaimedAt());
        if (before.isEmpty()) {
            return new Decision(claimer, Optional.empty());
        }
        TokenOwner known = before.get();
        boolean later = LATER.compare(claimer, known) > 0;
        TokenOwner winner = later ? claimer : known;
        TokenOwner loser = later ? known : claimer;
        return new Decision(
                winner, isSameDevice(winner, loser) ? Optional.empty() : Optional.of(moved(claim, loser, winner)));
    }

    // The moment before the winner's claim: in that of the claim itself the loser may have registered again, and won.
    private static TokenMoved moved(TokenClaimed claim, TokenOwner loser, TokenOwner winner) {
        Instant lostAt = winner.getClaimedAt().equals(loser.getClaimedAt())
                ? loser.getClaimedAt()
                : winner.getClaimedAt().minusMillis(1);
        return new TokenMoved(loser.getTenant(), loser.getOwner(), loser.getDevice(), claim.getTokenHash(), lostAt);
    }

    private static boolean isSameDevice(TokenOwner one, TokenOwner other) {
        return one.getTenant().equals(other.getTenant())
                && one.getOwner().equals(other.getOwner())
                && one.getDevice().equals(other.getDevice());
    }
}
