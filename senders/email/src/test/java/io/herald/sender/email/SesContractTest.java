package io.herald.sender.email;

import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.simulator.Answer;
import io.herald.simulator.SesSimulator;
import io.herald.testkit.ProviderContract;
import io.herald.testkit.TestDeliveries;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class SesContractTest extends ProviderContract {
    private static final int CALLS = 8;

    private SesSimulator ses;

    @Override
    protected Provider connect() {
        ses = SesSimulator.start(0);
        ses.block("blocked.example");
        SesConfig config = SesConfig.from(Map.of(
                "ses.from.address", "news@herald.example",
                "ses.region", "eu-central-1",
                "ses.access.key.id", "id",
                "ses.secret.access.key", "secret",
                "ses.url", ses.url().toString(),
                "ses.account.poll.ms", "0"));
        return new SesProvider(config, CALLS, Duration.ofSeconds(15));
    }

    @Override
    protected void stopSimulator() {
        if (ses != null) {
            ses.close();
            ses = null;
        }
    }

    @Override
    protected List<Arrival> arrivals() {
        return ses.received().stream()
                .map(mail -> new Arrival(mail.deliveryId(), mail.to(), mail.subject(), mail.text(), null))
                .toList();
    }

    @Override
    protected void answerNext(Answer answer) {
        ses.answerNext(1, answer);
    }

    @Override
    protected Delivery.Builder delivery() {
        return TestDeliveries.to(Route.EMAIL, "ann@example.com");
    }

    @Override
    protected String unknownAddress() {
        return "ann@blocked.example";
    }

    @Override
    protected String malformedAddress() {
        return "ann@example.com, bob@example.com";
    }

    /** SES takes mail to any address; who does not exist bounces later. What it refuses is the mail. */
    @Override
    protected Class<? extends Outcome> unknownIs() {
        return Outcome.Rejected.class;
    }

    @Override
    protected Class<? extends Outcome> malformedIs() {
        return Outcome.Rejected.class;
    }

    @Override
    protected Answer broken() {
        return Answer.error(503, "ServiceUnavailable", "");
    }

    @Override
    protected Answer busy() {
        return Answer.error(429, "TooManyRequestsException", "Maximum sending rate exceeded.");
    }

    @Override
    protected Answer forbidden() {
        return Answer.error(403, "InvalidClientTokenId", "");
    }

    @Override
    protected boolean tellsHowLongToWait() {
        return true;
    }

    @Override
    protected String arriving(String title) {
        return HeaderText.line(title);
    }
}
