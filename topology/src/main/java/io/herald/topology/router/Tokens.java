package io.herald.topology.router;

import io.herald.schema.Device;
import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenOwner;
import io.herald.schema.TokenReleased;
import io.herald.topic.Topics;
import io.herald.topology.address.TokenKey;
import io.herald.topology.address.TokenOwners;
import io.herald.wire.UserKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Plans that an owner has a token no longer; nothing if it is someone else's by now, or was registered again. */
    static Plan released(TokenReleased release, RouterState state) {
        return state.tokenOwner(release.getTokenHash())
                .filter(owner -> owner.getTenant().equals(release.getTenant())
                        && owner.getOwner().equals(release.getOwner())
                        && (release.getSince() == null || !owner.getClaimedAt().isAfter(release.getSince())))
                .map(owner -> Plan.of(new Plan.Change.SaveTokenOwner(release.getTokenHash(), null)))
                .orElseGet(Plan::new);
    }

    /** Tells of the tokens that a user had before and has no longer. */
    static void release(List<Device> before, List<Device> after, Draft draft) {
        Set<String> kept = after.stream().map(Device::getToken).collect(Collectors.toSet());
        for (Device device : before) {
            if (!kept.contains(device.getToken())) {
                draft.write(
                        Topics.TOKEN_RELEASED,
                        null,
                        new TokenReleased(
                                TokenKey.hash(device.getToken()),
                                draft.user().tenant(),
                                draft.user().user(),
                                device.getSince()));
            }
        }
    }
}
