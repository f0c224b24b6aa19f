package io.herald.topology.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Hash16;
import io.herald.schema.Mail;
import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenOwner;
import io.herald.topology.agenda.AgendaEntry;
import io.herald.topology.identity.Ids;
import io.herald.topology.router.Planner;
import io.herald.topology.router.RouterStores;
import io.herald.topology.snapshot.StateEntry;
import io.herald.wire.UserKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;

/** Users who were erased: neither their state nor their mail is used again, however old the snapshot. */
final class ErasedUsers {
    private static final int SHARD = 2;

    private final Set<Hash16> hashes;

    ErasedUsers(Set<Hash16> hashes) {
        this.hashes = Set.copyOf(hashes);
    }

    boolean contains(UserKey user) {
        return !hashes.isEmpty() && hashes.contains(Ids.hash(user.tenant(), user.user()));
    }

    boolean isEmpty() {
        return hashes.isEmpty();
    }

    /** Returns whether an entry of a store is of one of them. */
    boolean owns(String store, StateEntry entry) {
        return !hashes.isEmpty() && user(store, entry).filter(this::contains).isPresent();
    }

    /** Returns whether a letter is about one of them. */
    boolean owns(Mail mail) {
        if (mail.getBody() instanceof TokenClaimed claim) {
            return contains(new UserKey(claim.getTenant(), claim.getOwner()));
        }
        return Planner.user(mail).filter(this::contains).isPresent();
    }

    // First copies are under hashes, which name nobody.
    private static Optional<UserKey> user(String store, StateEntry entry) {
        byte[] key = entry.key().get();
        return switch (store) {
            case RouterStores.PROFILES, RouterStores.ACTIVITY -> Optional.of(UserKey.parse(rest(key)));
            case RouterStores.PENDING -> Optional.of(UserKey.parse(rest(key).split("\0", 2)[0]));
            case RouterStores.AGENDA -> Optional.of(AgendaEntry.parse(key).user());
            case RouterStores.SUBSCRIBERS -> Optional.of(subscriber(rest(key).split("\0", 3)));
            case RouterStores.TOKENS -> Optional.of(owner(entry));
            default -> Optional.empty();
        };
    }

    private static UserKey subscriber(String... parts) {
        return new UserKey(parts[0], parts[2]);
    }

    private static UserKey owner(StateEntry entry) {
        try {
            TokenOwner owner = TokenOwner.getDecoder().decode(entry.value().get());
            return new UserKey(owner.getTenant(), owner.getOwner());
        } catch (IOException broken) {
            throw new UncheckedIOException("the owner of a token cannot be read", broken);
        }
    }

    private static String rest(byte[] key) {
        return new String(key, SHARD, key.length - SHARD, UTF_8);
    }
}
