package io.herald.sender.sms;

import io.herald.schema.Delivery;
import io.herald.sender.NewestUsed;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose number it is that replies: a reply names a number only, but what it says is about a user. Knows the newest
 * {@value #MOST_NUMBERS} numbers that this process has written to, and forgets them with it. Thread-safe.
 */
final class NumberBook {
    static final int MOST_NUMBERS = 100_000;
    /** Of one number: families share a phone, and tenants share a user. */
    static final int MOST_OWNERS = 8;

    private final Map<String, Set<Owner>> owners = new NewestUsed<>(MOST_NUMBERS);

    /** A user who has a number, and how that is named for him. */
    record Owner(String tenant, String user, String addressId) {
        static Owner of(Delivery delivery) {
            return new Owner(delivery.getTenant(), delivery.getUser(), delivery.getAddressId());
        }
    }

    /** Remembers whom a delivery was for. */
    synchronized void wrote(Delivery delivery) {
        Set<Owner> known = owners.computeIfAbsent(delivery.getAddress(), number -> new LinkedHashSet<>(2));
        Owner owner = Owner.of(delivery);
        if (known.add(owner) && known.size() > MOST_OWNERS) {
            known.remove(known.iterator().next());
        }
    }

    /** Returns all users that were written to at {@code number}; none if that is not known. */
    synchronized List<Owner> owners(String number) {
        return List.copyOf(owners.getOrDefault(number, Set.of()));
    }
}
