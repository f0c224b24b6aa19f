package io.herald.topology.router;

import io.herald.schema.Channel;
import io.herald.schema.Notification;
import io.herald.topology.rules.Rule;
import java.util.List;

/**
 * A notification while its channels are decided one after the other.
 *
 * @param channels all that are planned with it
 */
record Decided(Notification notification, Rule rule, List<Channel> channels, Verdicts verdicts, Draft draft) {}
