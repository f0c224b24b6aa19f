package io.herald.sender.fcm;

import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.herald.simulator.Answer;
import io.herald.simulator.FcmSimulator;
import io.herald.testkit.ProviderContract;
import io.herald.testkit.TestDeliveries;
import java.time.Duration;
import java.util.List;

class FcmContractTest extends ProviderContract {
    private FcmSimulator fcm;

    @Override
    protected Provider connect() {
        fcm = FcmSimulator.start(0);
        fcm.register(Deliveries.TOKEN);
        return new FcmProvider(
                new FcmConfig("herald-test", null, "token", fcm.url(), 2, Duration.ofSeconds(5)),
                Duration.ofSeconds(15));
    }

    @Override
    protected void stopSimulator() {
        if (fcm != null) {
            fcm.close();
            fcm = null;
        }
    }

    @Override
    protected List<Arrival> arrivals() {
        return fcm.received().stream()
                .map(push -> new Arrival(push.deliveryId(), push.token(), push.title(), push.body(), push.collapse()))
                .toList();
    }

    @Override
    protected void answerNext(Answer answer) {
        fcm.answerNext(1, answer);
    }

    @Override
    protected Delivery.Builder delivery() {
        return TestDeliveries.to(Route.FCM, Deliveries.TOKEN);
    }

    @Override
    protected String unknownAddress() {
        return "fcm-token:of-a-phone-that-was-sold";
    }

    @Override
    protected String malformedAddress() {
        return "no token!";
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
        return Answer.error(503, "UNAVAILABLE", "");
    }

    @Override
    protected Answer busy() {
        return Answer.error(429, "QUOTA_EXCEEDED", "");
    }

    @Override
    protected Answer forbidden() {
        return Answer.error(403, "", "");
    }

    @Override
    protected boolean tellsHowLongToWait() {
        return true;
    }

    /** Google wants to be left alone for ten seconds at least, whatever it says. */
    @Override
    protected Duration waitsFor(Duration asked) {
        return Duration.ofSeconds(10);
    }
}
