package io.herald.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** What an account of SES may send. Without limits at first. Thread-safe. */
final class SesQuota {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final double SHOWN_IF_UNLIMITED = 1_000_000;
    private static final int OK = 200;

    private final Deque<Instant> lastSecond = new ArrayDeque<>();
    private double rate;
    private double daily = -1;
    private double sent;
    private boolean sending = true;

    /** Sets recipients a second and in 24 hours; 0 or less for no limit. */
    synchronized void limit(double perSecond, double perDay) {
        rate = perSecond;
        daily = perDay <= 0 ? -1 : perDay;
    }

    synchronized void sent(double recipients) {
        sent = recipients;
    }

    synchronized void sending(boolean enabled) {
        sending = enabled;
    }

    synchronized JsonServer.Reply account() {
        return JsonServer.Reply.json(
                OK,
                new JsonObject()
                        .put("DedicatedIpAutoWarmupEnabled", false)
                        .put("EnforcementStatus", "HEALTHY")
                        .put("ProductionAccessEnabled", true)
                        .put("SendingEnabled", sending)
                        .put(
                                "SendQuota",
                                new JsonObject()
                                        .put("Max24HourSend", daily)
                                        .put("MaxSendRate", rate <= 0 ? SHOWN_IF_UNLIMITED : rate)
                                        .put("SentLast24Hours", sent)));
    }

    /** Returns the refusal of a mail to so many, or null if they may be sent to, which then is counted. */
    synchronized Refusal take(int recipients, Instant now) {
        if (!sending) {
            return new Refusal(400, "SendingPausedException", "Email sending is disabled.");
        }
        if (daily > 0 && sent + recipients > daily) {
            return new Refusal(429, "TooManyRequestsException", "Daily message quota exceeded.");
        }
        while (!lastSecond.isEmpty() && !lastSecond.peekFirst().plus(SECOND).isAfter(now)) {
            lastSecond.removeFirst();
        }
        if (rate > 0 && lastSecond.size() + recipients > Math.max(1, Math.ceil(rate))) {
            return new Refusal(429, "TooManyRequestsException", "Maximum sending rate exceeded.");
        }
        for (int i = 0; i < recipients && rate > 0; i++) {
            lastSecond.addLast(now);
        }
        sent += recipients;
        return null;
    }

    synchronized void clear() {
        lastSecond.clear();
        rate = 0;
        daily = -1;
        sent = 0;
        sending = true;
    }

    /** Why a mail is not taken. */
    record Refusal(int status, String code, String message) {}
}
