package io.herald.local.page;

import io.herald.simulator.Mail;
import io.herald.simulator.Push;

/** Everything that providers have taken. */
public record Arrivals(Feed<Push> apns, Feed<Push> fcm, Feed<Mail> mails) {}
