package io.herald.topology.address;

import io.herald.schema.Environment;
import io.herald.schema.Route;
import java.time.Instant;

/**
 * Where a delivery can go.
 *
 * @param id names the address without telling it; stays the same when a device's token is renewed
 * @param app what a device token is for; of a webhook, the kind of contact that it is; null for others
 */
public record Address(Route route, String id, String value, Instant since, String app, Environment environment) {}
