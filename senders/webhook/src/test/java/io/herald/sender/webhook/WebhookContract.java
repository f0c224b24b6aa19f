package io.herald.sender.webhook;

import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.simulator.Answer;
import io.herald.simulator.WebhookSimulator;
import io.herald.testkit.ProviderContract;
import io.herald.testkit.TestDeliveries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** What every format has in common. */
abstract class WebhookContract extends ProviderContract {
    static final String OLD_SECRET = secret((byte) 1);
    static final String NEW_SECRET = secret((byte) 2);

    @TempDir
    private Path folder;

    private final WebhookSimulator.Kind kind;
    private WebhookSimulator simulator;
    private String url;

    WebhookContract(WebhookSimulator.Kind kind) {
        this.kind = kind;
    }

    private static String secret(byte filled) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, filled);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }

    final WebhookSimulator simulator() {
        return simulator;
    }

    @Override
    protected Provider connect() throws Exception {
        simulator = WebhookSimulator.start(0);
        simulator.believe(NEW_SECRET);
        url = simulator.open(kind);
        Path secrets = Files.writeString(folder.resolve("secrets"), "acme = " + OLD_SECRET + " " + NEW_SECRET + "\n");
        return new WebhookProvider(
                WebhookConfig.from(Map.of("webhook.secrets.file", secrets.toString(), "egress.allow.loopback", "true")),
                64,
                Duration.ofSeconds(15),
                Clock.systemUTC());
    }

    @Override
    protected void stopSimulator() {
        simulator.close();
    }

    @Override
    protected List<Arrival> arrivals() {
        return simulator.received().stream()
                .map(post -> new Arrival(post.deliveryId(), post.url(), post.title(), post.body(), null))
                .toList();
    }

    @Override
    protected void answerNext(Answer answer) {
        simulator.answerNext(1, answer);
    }

    @Override
    protected Delivery.Builder delivery() {
        return TestDeliveries.to(Route.WEBHOOK, url).setApp(kind.name());
    }

    @Override
    protected String unknownAddress() {
        String closed = simulator.open(kind);
        simulator.close(closed);
        return closed;
    }

    @Override
    protected String malformedAddress() {
        return "no URL at all";
    }

    @Override
    protected Class<? extends Outcome> unknownIs() {
        return Outcome.AddressGone.class;
    }

    @Override
    protected Class<? extends Outcome> malformedIs() {
        return Outcome.AddressGone.class;
    }

    @Override
    protected Answer broken() {
        return Answer.error(503, "rollback_error", "");
    }

    @Override
    protected Answer busy() {
        return Answer.error(429, "rate_limited", "");
    }

    @Override
    protected Answer forbidden() {
        return Answer.error(403, "action_prohibited", "");
    }

    @Override
    protected Class<? extends Outcome> forbiddenIs() {
        return Outcome.Rejected.class;
    }

    @Override
    protected boolean tellsHowLongToWait() {
        return true;
    }
}
