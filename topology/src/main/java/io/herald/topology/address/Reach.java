package io.herald.topology.address;

import io.herald.schema.Reason;
import java.util.List;

/**
 * Where a user can be reached on a channel, or why not.
 *
 * @param addresses in a fixed order
 * @param none why there are none: {@link Reason#NO_ADDRESS} there never were, or {@link Reason#SUPPRESSED} or
 *     {@link Reason#TOKEN_STALE} there are but they must not be used. Null if there are some, or if the channel needs
 *     none
 */
public record Reach(List<Address> addresses, Reason none) {}
