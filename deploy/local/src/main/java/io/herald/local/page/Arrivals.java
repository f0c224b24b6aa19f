package io.herald.local.page;

import io.herald.simulator.Mail;
import io.herald.simulator.Push;
import io.herald.simulator.SmsMessage;
import io.herald.simulator.WebhookPost;

/** Everything that providers have taken. */
public record Arrivals(
        Feed<Push> apns,
        Feed<Push> fcm,
        Feed<Push> webPush,
        Feed<Mail> mails,
        Feed<SmsMessage> messages,
        Feed<WebhookPost> posts) {}
