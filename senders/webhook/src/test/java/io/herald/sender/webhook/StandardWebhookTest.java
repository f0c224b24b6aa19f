package io.herald.sender.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Delivery;
import io.herald.sender.Outcome;
import io.herald.simulator.Answer;
import io.herald.simulator.WebhookPost;
import io.herald.simulator.WebhookSimulator;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardWebhookTest extends WebhookContract {
    StandardWebhookTest() {
        super(WebhookSimulator.Kind.WEBHOOK);
    }

    @Test
    void signsWithEverySecretSoThatEitherIsBelieved() {
        assertThat(send(delivery().build())).isInstanceOf(Outcome.Accepted.class);
        simulator().believe(OLD_SECRET);
        assertThat(send(delivery().build())).isInstanceOf(Outcome.Accepted.class);

        assertThat(simulator().received()).extracting(WebhookPost::signatures).containsExactly(2, 2);
    }

    @Test
    void isNotBelievedWithoutTheRightSecret() {
        simulator().believe("whsec_" + "A".repeat(32));

        assertThat(send(delivery().build())).isEqualTo(new Outcome.Rejected("401"));
    }

    @Test
    void sendsNothingUnsigned() {
        assertThat(send(delivery().setTenant("other").build()))
                .isEqualTo(Outcome.Misconfigured.ofSome("no signing secret of the tenant"));
        assertThat(simulator().count()).isZero();
    }

    @Test
    void isTheFormatOfWhatNamesNone() {
        assertThat(send(delivery().setApp(null).build())).isInstanceOf(Outcome.Accepted.class);
        assertThat(send(delivery().setApp("PIGEON").build())).isEqualTo(Outcome.Misconfigured.ofSome("no such format"));
    }

    @Test
    void writesWhatTheReadmeSays() {
        Delivery delivery = delivery().setSeq(7L).setActor("bob").build();

        send(delivery);

        JsonObject event = new JsonObject(simulator().received().get(0).raw());
        assertThat(event.getString("type")).isEqualTo("notification");
        assertThat(event.getString("timestamp"))
                .isEqualTo(delivery.getDecidedAt().toString());
        assertThat(event.getJsonObject("data").getMap())
                .containsOnlyKeys(
                        "deliveryId",
                        "notificationId",
                        "tenant",
                        "user",
                        "category",
                        "title",
                        "body",
                        "link",
                        "actor",
                        "seq")
                .containsEntry("tenant", "acme")
                .containsEntry("user", "ann")
                .containsEntry("seq", 7);
    }

    @Test
    void saysWhatIsToBeTakenAway() {
        send(delivery().setSilent(true).setClearSeqs(List.of(4L, 7L)).build());

        assertThat(simulator().received().get(0).raw()).contains("notification.cleared", "[4,7]");
    }

    @Test
    void repeatsTheSameBytes() {
        Delivery delivery = delivery().build();

        send(delivery);
        send(Delivery.newBuilder(delivery).setAttempt(2).setFailures(1).build());

        assertThat(simulator().received()).extracting(WebhookPost::raw).containsOnly(WebhookEvent.of(delivery));
    }

    @Test
    void followsNoRedirect() {
        answerNext(Answer.error(307, "", ""));

        assertThat(send(delivery().build())).isEqualTo(new Outcome.Rejected("307"));
    }

    @Test
    void callsNothingButHttps() {
        assertThat(send(delivery().setAddress("http://example.com/hook").build()))
                .isEqualTo(new Outcome.Rejected("not https"));
    }
}
