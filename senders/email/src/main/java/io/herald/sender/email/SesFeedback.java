package io.herald.sender.email;

import io.herald.sender.callback.CallbackRequest;
import io.herald.sender.callback.Callbacks;
import io.herald.sender.callback.RefusedCallbackException;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounces, complaints, delays and deliveries, which SES publishes to SNS and SNS posts here. A topic's subscription is
 * confirmed by itself, if the topic is one of ours.
 */
final class SesFeedback implements Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(SesFeedback.class);

    private final SnsVerifier verifier;
    private final Function<String, SnsHost> hosts;
    private final SnsCertificates.Fetch http;

    /** Creates one that asks SNS for certificates, or the simulator where there is one. */
    static SesFeedback of(FeedbackConfig config) {
        if (config.simulator() != null) {
            LOG.warn("Feedback is taken from a simulator of SNS at {}", config.simulator());
        }
        Function<String, SnsHost> hosts = config.simulator() == null
                ? topic -> SnsHost.of(topic).orElseThrow()
                : topic -> SnsHost.simulator(config.simulator());
        return new SesFeedback(config, hosts, new SnsHttp()::get, InstantSource.system());
    }

    SesFeedback(
            FeedbackConfig config, Function<String, SnsHost> hosts, SnsCertificates.Fetch http, InstantSource clock) {
        this.hosts = hosts;
        this.http = http;
        this.verifier = new SnsVerifier(config.topics(), hosts, new SnsCertificates(http, clock), clock);
    }

    @Override
    public List<SpecificRecord> handle(CallbackRequest request) throws RefusedCallbackException {
        SnsMessage message = verifier.verified(request.body());
        if (message.isNotification()) {
            return SesEvents.reports(message.field("Message"), message.timestamp());
        }
        if (message.isSubscription()) {
            confirm(message);
        } else {
            LOG.warn("{} is no longer subscribed: bounces and complaints do not come any more", message.topic());
        }
        return List.of();
    }

    private void confirm(SnsMessage message) throws RefusedCallbackException {
        URI url = hosts.apply(message.topic())
                .confirmation(message.field("SubscribeURL"))
                .orElseThrow(() -> RefusedCallbackException.forged("what confirms it is not at SNS"));
        try {
            byte[] unused = http.get(url);
        } catch (IOException away) {
            throw RefusedCallbackException.later("SNS does not take the confirmation");
        }
        LOG.info("Confirmed the subscription of {}", message.topic());
    }
}
