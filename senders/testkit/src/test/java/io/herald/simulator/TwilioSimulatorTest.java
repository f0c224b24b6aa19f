package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioSimulatorTest {
    private static final String TOKEN = "token";
    private static final Map<String, String> GOOD =
            Map.of("To", "+15551230001", "From", "+15005550006", "Body", "hi & bye", "ValidityPeriod", "60");

    private final TwilioSimulator twilio = TwilioSimulator.start(0, TOKEN);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        twilio.close();
    }

    @Test
    void takesAMessage() throws Exception {
        Map<String, String> request = new HashMap<>(GOOD);
        request.put("StatusCallback", "https://hooks.example/?delivery=d-1&x=y");

        HttpResponse<String> answer = post(request, TwilioSimulator.ACCOUNT, TOKEN);

        assertThat(answer.statusCode()).isEqualTo(201);
        SmsMessage taken = twilio.received().get(0);
        assertThat(new JsonObject(answer.body()).getString("sid")).isEqualTo(taken.sid());
        assertThat(taken.deliveryId()).isEqualTo("d-1");
        assertThat(taken.body()).isEqualTo("hi & bye");
        assertThat(taken.validSeconds()).isEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    To             | 123          | 21211 | no number
                    To             | +15551230009 | 21211 | told that there is none
                    To             | +15551230008 | 21610 | replied STOP
                    From           | ''           | 21603 | nobody sends it
                    Body           | ''           | 21602 | says nothing
                    ValidityPeriod | 0            | 21620 | no time
                    ValidityPeriod | 36001        | 21620 | more than Twilio keeps
                    """)
    void refusesAsTwilioDoes(String name, String value, int code, String why) throws Exception {
        twilio.invalid("+15551230009");
        twilio.optOut("+15551230008", true);
        Map<String, String> request = new HashMap<>(GOOD);
        request.put(name, value);

        HttpResponse<String> answer = post(request, TwilioSimulator.ACCOUNT, TOKEN);

        assertThat(answer.statusCode()).as(why).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getInteger("code")).as(why).isEqualTo(code);
        assertThat(twilio.count()).isZero();
    }

    @Test
    void letsInWhoHasACredential() throws Exception {
        twilio.apiKey("SK1", "secret");

        assertThat(post(GOOD, "SK1", "secret").statusCode()).isEqualTo(201);
        assertThat(post(GOOD, "SK1", "other").statusCode()).isEqualTo(401);
        assertThat(post(GOOD, "SK2", "secret").statusCode()).isEqualTo(401);
        twilio.authToken("next");
        assertThat(post(GOOD, TwilioSimulator.ACCOUNT, TOKEN).statusCode()).isEqualTo(401);
        assertThat(post(GOOD, TwilioSimulator.ACCOUNT, "next").statusCode()).isEqualTo(201);
    }

    /** The example of Twilio's own documentation. */
    @Test
    void signsAsTwilioDoes() {
        assertThat(TwilioSimulator.signature(
                        "12345",
                        "https://mycompany.com/myapp.php?foo=1&bar=2",
                        Map.of(
                                "CallSid", "CA1234567890ABCDE",
                                "Caller", "+14158675309",
                                "Digits", "1234",
                                "From", "+14158675309",
                                "To", "+18005551212")))
                .isEqualTo("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    }

    private HttpResponse<String> post(Map<String, String> params, String user, String secret) throws Exception {
        URI url = twilio.url().resolve("/2010-04-01/Accounts/" + TwilioSimulator.ACCOUNT + "/Messages.json");
        String basic = Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(UTF_8));
        return http.send(
                HttpRequest.newBuilder(url)
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(TwilioSimulator.form(params)))
                        .build(),
                BodyHandlers.ofString());
    }
}
