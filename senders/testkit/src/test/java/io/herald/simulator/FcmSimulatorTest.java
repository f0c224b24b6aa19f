package io.herald.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FcmSimulatorTest {
    private static final String TOKEN = "token:1234";

    private static FcmSimulator fcm;

    @BeforeAll
    static void start() {
        fcm = FcmSimulator.start(0);
    }

    @AfterAll
    static void stop() {
        fcm.close();
    }

    @BeforeEach
    void clear() {
        fcm.clear();
        fcm.register(TOKEN);
    }

    private static HttpResponse<String> send(String json) {
        return Http.post(
                fcm.url().resolve("/v1/projects/p/messages:send"),
                json.replace('\'', '"'),
                "Authorization",
                "Bearer x");
    }

    @Test
    void keepsAndTellsWhatItTakes() {
        List<Push> told = Collections.synchronizedList(new ArrayList<>());
        fcm.onReceived(push -> {
            throw new IllegalStateException("harms nobody else");
        });
        fcm.onReceived(told::add);

        HttpResponse<String> response = send("{'message':{'token':'token:1234','notification':{'title':'T','body':'B'},"
                + "'data':{'deliveryId':'d','link':'l'},'android':{'ttl':'3.500s','collapse_key':'c'}}}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("projects/p/messages/");
        Push push = fcm.received().get(0);
        assertThat(List.of(push.deliveryId(), push.token(), push.title(), push.body(), push.link(), push.collapse()))
                .containsExactly("d", TOKEN, "T", "B", "l", "c");
        assertThat(push.expiration()).isEqualTo(push.at().plusMillis(3_500));
        assertThat(told).containsExactly(push);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            no JSON            | {                                                          | 400 | message
            no token           | {'message':{}}                                             | 400 | message
            number in data     | {'message':{'token':'token:1234','data':{'a':1}}}          | 400 | message.data
            reserved key       | {'message':{'token':'token:1234','data':{'from':'x'}}}     | 400 | message.data
            ttl over 28 days   | {'message':{'token':'token:1234','android':{'ttl':'2419201s'}}} | 400 | message.android.ttl
            no token's letters | {'message':{'token':'a b'}}                                | 400 | FcmError
            another token      | {'message':{'token':'token:5678'}}                         | 404 | UNREGISTERED
            wrong type         | {'message':'text'}                                         | 400 | message
            """)
    void refusesAsGoogleDoes(String what, String json, int status, String part) {
        HttpResponse<String> response = send(json);

        assertThat(response.statusCode()).as(what).isEqualTo(status);
        assertThat(response.body()).contains(part).contains("\"code\":" + status);
        assertThat(fcm.count()).isZero();
    }

    @Test
    void wantsABearerToken() {
        HttpResponse<String> response = Http.post(fcm.url().resolve("/v1/projects/p/messages:send"), "{}");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).contains("UNAUTHENTICATED");
    }

    @Test
    void answersAsOrderedAndThenAsUsual() {
        String json = "{'message':{'token':'token:1234'}}";
        fcm.answerNext(1, Answer.error(503, "UNAVAILABLE", "Later").retryAfter("7"));

        HttpResponse<String> ordered = send(json);

        assertThat(ordered.statusCode()).isEqualTo(503);
        assertThat(ordered.headers().firstValue("Retry-After")).contains("7");
        assertThat(send(json).statusCode()).isEqualTo(200);
    }

    @Test
    void keepsTheNewestOnly() {
        Arrivals<Integer> arrivals = new Arrivals<>();
        for (int i = 0; i < Arrivals.KEPT + 5; i++) {
            arrivals.add(i);
        }

        assertThat(arrivals.list()).hasSize(Arrivals.KEPT).startsWith(5);
        assertThat(arrivals.count()).isEqualTo(Arrivals.KEPT + 5);
    }
}
