package io.herald.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApnsRulesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String TOKEN = "0a".repeat(32);
    private static final String ALERT = "{\"aps\":{\"alert\":\"x\"}}";

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final ApnsCredentials credentials = ApnsCredentials.generate();
    private final DeviceTokens tokens = new DeviceTokens(clock);
    private final ApnsRules rules = new ApnsRules(new ProviderTokens(credentials, clock), tokens);
    private final Map<String, String> headers = new HashMap<>();

    ApnsRulesTest() throws Exception {
        tokens.register(TOKEN, null);
        headers.put(":method", "POST");
        headers.put(":path", "/3/device/" + TOKEN);
        headers.put("authorization", "bearer " + jwt(credentials, NOW));
        headers.put("apns-topic", "io.herald.demo");
        headers.put("apns-push-type", "alert");
    }

    @Test
    void takesWhatAppleTakes() {
        assertThat(refusal(ALERT)).isNull();
    }

    @ParameterizedTest(name = "{0}: {1} is {3}")
    @CsvSource(textBlock = """
            :method,          GET,                405, MethodNotAllowed
            :path,            /3/devices/0a,      404, BadPath
            :path,            /3/device/,         400, MissingDeviceToken
            :path,            /3/device/not-hex,  400, BadDeviceToken
            :path,            /3/device/0a0b,     400, BadDeviceToken
            authorization,    ,                   403, MissingProviderToken
            authorization,    basic abc,          403, MissingProviderToken
            authorization,    bearer a.b,         403, InvalidProviderToken
            authorization,    bearer a.b.c,       403, InvalidProviderToken
            apns-topic,       ,                   400, MissingTopic
            apns-push-type,   ,                   400, InvalidPushType
            apns-push-type,   banner,             400, InvalidPushType
            apns-priority,    7,                  400, BadPriority
            apns-expiration,  tomorrow,           400, BadExpirationDate
            apns-id,          17,                 400, BadMessageId
            """)
    void refusesWhatAppleRefuses(String header, String value, int status, String reason) {
        if (value == null) {
            headers.remove(header);
        } else {
            headers.put(header, value);
        }

        assertThat(refusal(ALERT)).isEqualTo(new ApnsRules.Refusal(status, reason));
    }

    @Test
    void countsBytes() {
        headers.put("apns-collapse-id", "é".repeat(33));
        assertThat(refusal(ALERT)).isEqualTo(new ApnsRules.Refusal(400, "BadCollapseId"));

        headers.remove("apns-collapse-id");
        assertThat(refusal("{\"aps\":{\"alert\":\"" + "é".repeat(2_040) + "\"}}"))
                .isEqualTo(new ApnsRules.Refusal(413, "PayloadTooLarge"));
    }

    @Test
    void wantsContent() {
        assertThat(refusal("")).isEqualTo(new ApnsRules.Refusal(400, "PayloadEmpty"));
        assertThat(refusal("{\"aps\":{}}")).isEqualTo(new ApnsRules.Refusal(400, "PayloadEmpty"));
        assertThat(refusal("{\"aps\":")).isEqualTo(new ApnsRules.Refusal(400, "PayloadEmpty"));
    }

    @ParameterizedTest(name = "{0}, {1}: {3}")
    @CsvSource(textBlock = """
            alert,      10,             , shown at once
            alert,        ,             , as if it were 10
            background, 5,              , when it suits the phone
            background, 10, BadPriority , an error for what shows nothing
            background,   , BadPriority , as if it were 10
            """)
    void wakesNoAppAtOnceForWhatShowsNothing(String type, String priority, String reason, String why) {
        headers.put("apns-push-type", type);
        if (priority != null) {
            headers.put("apns-priority", priority);
        }

        assertThat(refusal("{\"aps\":{\"content-available\":1}}"))
                .isEqualTo(reason == null ? null : new ApnsRules.Refusal(400, reason));
    }

    @Test
    void tellsSinceWhenATokenIsGone() {
        tokens.forget(TOKEN);

        assertThat(refusal(ALERT)).isEqualTo(new ApnsRules.Refusal(410, "Unregistered", "" + NOW.toEpochMilli()));
    }

    @Test
    void knowsForWhichTopicATokenIs() {
        tokens.register(TOKEN, "io.herald.other");

        assertThat(refusal(ALERT)).isEqualTo(new ApnsRules.Refusal(400, "DeviceTokenNotForTopic"));
    }

    @Test
    void wantsAFreshTokenOfItsOwnTeam() throws Exception {
        headers.put("authorization", "bearer " + jwt(credentials, NOW.minusSeconds(3_601)));
        assertThat(refusal(ALERT)).isEqualTo(new ApnsRules.Refusal(403, "ExpiredProviderToken"));

        headers.put("authorization", "bearer " + jwt(ApnsCredentials.generate(), NOW));
        assertThat(refusal(ALERT)).isEqualTo(new ApnsRules.Refusal(403, "InvalidProviderToken"));

        ApnsCredentials otherTeam = new ApnsCredentials(
                "OTHERTEAM1", credentials.keyId(), credentials.privateKey(), credentials.publicKey());
        headers.put("authorization", "bearer " + jwt(otherTeam, NOW));
        assertThat(refusal(ALERT)).isEqualTo(new ApnsRules.Refusal(403, "InvalidProviderToken"));
    }

    private ApnsRules.Refusal refusal(String payload) {
        return rules.refusal(new ApnsRequest(headers, payload, payload.getBytes(UTF_8).length));
    }

    /** Signs as JOSE has it; the tests of the APNs sender sign as pushy does. */
    private static String jwt(ApnsCredentials by, Instant issued) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"ES256\",\"kid\":\"" + by.keyId() + "\"}";
        String claims = "{\"iss\":\"" + by.teamId() + "\",\"iat\":" + issued.getEpochSecond() + "}";
        String signed =
                base64.encodeToString(header.getBytes(UTF_8)) + "." + base64.encodeToString(claims.getBytes(UTF_8));
        String pem = by.privateKey().replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(signed.getBytes(US_ASCII));
        return signed + "." + base64.encodeToString(signature.sign());
    }
}
