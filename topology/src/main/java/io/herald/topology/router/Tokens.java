package io.herald.topology.router;

import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenOwner;
import io.herald.topic.Topics;
import io.herald.topology.address.TokenOwners;
import io.herald.wire.UserKey;
import java.util.Optional;

/** Sees to it that a push token belongs to one user, in the partition of the token. */
final class Tokens {
    private Tokens() {}

    /** Plans a claim; whoever claimed it last has it, in whatever order claims arrive. */
    static Plan claimed(TokenClaimed claim, RouterState state) {
        Optional<TokenOwner> before = state.tokenOwner(claim.getTokenHash());
        TokenOwners.Decision decision = TokenOwners.of(before, claim);
        Plan plan = new Plan();
        if (decision.changes(before)) {
            plan.change(new Plan.Change.SaveTokenOwner(claim.getTokenHash(), decision.owner()));
        }
        decision.moved()
                .ifPresent(lost -> plan.write(new Plan.Output(
                        Topics.TOKEN_MOVED, new UserKey(lost.getTenant(), lost.getUser()), null, lost)));
        return plan;
    }
}
