package io.herald.local.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.herald.local.story.Cast;
import io.herald.schema.Channel;
import io.herald.schema.ChannelVerdict;
import io.herald.schema.Decision;
import io.herald.schema.DeliveryState;
import io.herald.schema.LedgerEntry;
import io.herald.schema.Reason;
import io.herald.schema.Route;
import io.herald.schema.Transition;
import io.herald.simulator.Fault;
import io.herald.simulator.Mail;
import io.herald.simulator.Push;
import io.herald.simulator.SmsMessage;
import io.herald.simulator.Weather;
import io.herald.simulator.WebhookPost;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page shows of what arrives, and what it lets happen to providers and phones. */
@Timeout(60)
class PageArrivalsTest extends PageServerFixture {
    @Test
    void saysWhichPushesShowNothing() throws Exception {
        apns.take(push("shown", AT));
        apns.take(new Push(
                AT.plusMillis(1), "clear", "token", "", "", null, null, "5", null, true, null, List.of(4L, 7L), ""));

        JsonNode pushes = json(get("/api/pushes"), 200);

        assertThat(pushes.at("/0").has("silent")).isFalse();
        assertThat(pushes.at("/1/silent").booleanValue()).isTrue();
        assertThat(pushes.at("/1/clears").toString()).isEqualTo("[4,7]");
    }

    @Test
    void showsPushesOfBothProvidersInOrderOfArrival() throws Exception {
        apns.take(push("second", AT.plusMillis(5)));
        fcm.take(push("first", AT));

        JsonNode pushes = json(get("/api/pushes"), 200);

        assertThat(pushes).hasSize(2);
        assertThat(pushes.at("/0/provider").textValue()).isEqualTo("fcm");
        assertThat(pushes.at("/0/at").longValue()).isEqualTo(AT.toEpochMilli());
        assertThat(pushes.at("/1/title").textValue()).isEqualTo("second");
        assertThat(pushes.at("/1").has("link")).isFalse();
    }

    @Test
    void showsBrowsersWithPhones() throws Exception {
        browsers.take(push("shown", AT));

        assertThat(json(get("/api/pushes"), 200).at("/0/provider").textValue()).isEqualTo("webpush");
    }

    @Test
    void showsMessagesAndPosts() throws Exception {
        messages.take(new SmsMessage(AT, "SM1", "d1", Cast.SMS_NUMBER, "+15005550006", "<b>hi", 60, "", ""));
        posts.take(new WebhookPost(AT, "d2", "https://hooks.example/secret", "T", "B", null, 0, ""));

        assertThat(json(get("/api/messages"), 200).at("/0/text").textValue()).isEqualTo("<b>hi");
        HttpResponse<String> answer = get("/api/posts");
        assertThat(json(answer, 200).at("/0/title").textValue()).isEqualTo("T");
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void makesAProviderFail() throws Exception {
        JsonNode rows = json(post("/api/faults", "{\"provider\":\"fcm\",\"fault\":\"SILENCE\",\"percent\":30}"), 200);

        assertThat(simulator.weather().fault()).isEqualTo(Fault.SILENCE);
        assertThat(simulator.weather().percent()).isEqualTo(30);
        assertThat(rows.at("/0/fault").textValue()).isEqualTo("SILENCE");
        assertThat(json(get("/api/providers"), 200)).isEqualTo(rows);
        json(post("/api/faults", "{\"provider\":\"fcm\",\"fault\":\"NONE\",\"percent\":100}"), 200);
        assertThat(simulator.weather()).isEqualTo(Weather.FINE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /api/faults  | {"provider":"ses","fault":"NONE","percent":1}   | provider
            /api/faults  | {"provider":"fcm","fault":"RAIN","percent":1}   | fault
            /api/faults  | {"provider":"fcm","fault":"NONE","percent":101} | percent
            /api/faults  | {"provider":"fcm","fault":"NONE"}               | percent
            /api/faults  | {"provider":"fcm","fault":"NONE","seed":1}      | seed
            /api/replies | {"number":"+15551230001","text":"HELLO"}        | text
            /api/replies | {"number":"+15550000000","text":"STOP"}         | number
            """)
    void refusesFaultsAndRepliesThatItDoesNotKnow(String path, String form, String field) throws Exception {
        assertThat(json(post(path, form), 400).get("field").textValue()).isEqualTo(field);
        assertThat(simulator.weather()).isEqualTo(Weather.FINE);
        assertThat(replies).isEmpty();
    }

    @Test
    void repliesToAnSms() throws Exception {
        String stop = "{\"number\":\"" + Cast.SMS_NUMBER + "\",\"text\":\"STOP\"}";
        json(post("/api/replies", stop), 200);
        assertThat(replies).containsExactly(Cast.SMS_NUMBER + " STOP");

        phonesAnswer = false;
        json(post("/api/replies", stop), 503);
    }

    @Test
    void leavesNamesAndMarkupAsTheyAre() throws Exception {
        String hostile = "</script><img src=x onerror=alert(1)> " + Cast.UNUSUAL_NAME;
        mails.take(new Mail(
                AT, "d", "zoe@example.org", Cast.UNUSUAL_NAME, "a", hostile, hostile, null, Map.of(), Map.of(), ""));

        HttpResponse<String> answer = get("/api/mails");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(json(answer, 200).at("/0/subject").textValue()).isEqualTo(hostile);
        assertThat(json(answer, 200).at("/0/toName").textValue()).isEqualTo(Cast.UNUSUAL_NAME);
        assertThat(json(get("/api/cast"), 200).findValuesAsText("name")).contains(Cast.UNUSUAL_NAME);
    }

    @Test
    void explainsEveryReasonAndEveryState() throws Exception {
        String words = get("/words.js").body();
        assertThat(Reason.values()).allSatisfy(reason -> assertThat(words).contains("  " + reason + ": '"));
        assertThat(DeliveryState.values()).allSatisfy(state -> assertThat(words).contains("  " + state + ": ['"));
    }

    @Test
    void followsAnEventThroughTheLedger() throws Exception {
        String id = json(post("/api/events", GOOD), 200).get("eventId").textValue();
        Decision decision = Decision.newBuilder()
                .setSource("demo-page")
                .setEventId(id)
                .setCategory("like")
                .setProfileVersion(1)
                .setVerdicts(List.of(ChannelVerdict.newBuilder()
                        .setChannel(Channel.EMAIL)
                        .setState(DeliveryState.SKIPPED)
                        .setReason(Reason.CHANNEL_OPTED_OUT)
                        .setDueAt(AT.plusMillis(70))
                        .build()))
                .build();
        Transition transition = Transition.newBuilder()
                .setDeliveryId("delivery")
                .setRoute(Route.APNS)
                .setAddressId("ana-iphone")
                .setAttempt(1)
                .setState(DeliveryState.ACCEPTED)
                .build();
        ledger.add(new LedgerEntry(Cast.TENANT, "ana", "n1", AT, 2, 7L, decision), AT.plusMillis(9));
        ledger.add(new LedgerEntry(Cast.TENANT, "ana", "n1", AT.plusMillis(5), 2, 9L, transition), AT.plusMillis(12));
        ledger.add(letter("notification.requested", 1, 41), AT);
        ledger.add(letter("notification.requested", 1, 42), AT);

        JsonNode entries = json(get("/api/ledger?event=" + id), 200).get("entries");

        assertThat(entries.findValuesAsText("kind")).containsExactly("decision", "transition", "dead-letter");
        assertThat(entries.at("/0/verdicts/0/reason").textValue()).isEqualTo("CHANNEL_OPTED_OUT");
        assertThat(entries.at("/0/again").booleanValue()).isFalse();
        assertThat(entries.at("/0/verdicts/0/dueAt").longValue())
                .isEqualTo(AT.plusMillis(70).toEpochMilli());
        assertThat(entries.at("/0/at").longValue()).isEqualTo(AT.toEpochMilli());
        assertThat(entries.at("/1/state").textValue()).isEqualTo("ACCEPTED");
        assertThat(json(get("/api/ledger"), 200).get("events")).hasSize(1);
        assertThat(json(get("/api/ledger?event=unknown"), 200).get("entries")).isEmpty();
    }

    @Test
    void tellsOpenPagesWhatArrives() throws Exception {
        HttpResponse<Stream<String>> stream = client.send(request("/api/stream").build(), BodyHandlers.ofLines());
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread reader = new Thread(() -> stream.body().forEach(lines::add));
        reader.setDaemon(true);
        reader.setUncaughtExceptionHandler((thread, closed) -> lines.add("closed"));
        reader.start();
        assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        await().until(() -> lines.contains("event: hello"));

        apns.take(push("two\nlines", AT));

        await().until(() -> lines.contains("event: push"));
        String data = lines.get(lines.indexOf("event: push") + 1);
        assertThat(JSON.readTree(data.substring("data: ".length())).get("title").textValue())
                .isEqualTo("two\nlines");
    }
}
