package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import io.herald.websocket.GatewayConfig.TokenRules;
import io.herald.wire.UserKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenTest {
    private static final Issuer ISSUER = new Issuer();
    private static final Duration REFETCH = Duration.ofMillis(1);

    @TempDir
    private Path folder;

    private Path keys;
    private TokenVerifier verifier;

    @BeforeEach
    void publishKeys() {
        keys = ISSUER.publish(folder.resolve("keys.json"));
        verifier = new TokenVerifier(new TokenRules(keys.toUri(), Issuer.NAME, Issuer.AUDIENCE), REFETCH);
    }

    @Test
    void takesATokenSignedWithEs256() throws Exception {
        Identity identity = verifier.verify(ISSUER.token("Zoë O'Hara-שלום 🎈", "phone"));

        assertThat(identity.user()).isEqualTo(new UserKey("demo", "Zoë O'Hara-שלום 🎈"));
        assertThat(identity.device()).isEqualTo("phone");
        assertThat(identity.validUntil()).isAfter(Instant.now().plusSeconds(250));
    }

    @Test
    void takesATokenSignedWithRs256() throws Exception {
        Identity identity = verifier.verify(ISSUER.rs256(Issuer.claims("ana", "laptop")));

        assertThat(identity.user().user()).isEqualTo("ana");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void refuses(String why, String token) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOfSatisfying(
                        TokenException.class,
                        refused -> assertThat(refused.isUndecided()).as(why).isFalse());
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                bad("expired", claims -> claims.expirationTime(ago(60))),
                bad("no expiry", claims -> claims.expirationTime(null)),
                bad("not yet valid", claims -> claims.notBeforeTime(ago(-120))),
                bad("another issuer", claims -> claims.issuer("https://evil.test")),
                bad("an issuer that only begins alike", claims -> claims.issuer(Issuer.NAME + ".evil.test")),
                bad("no issuer", claims -> claims.issuer(null)),
                bad("another audience", claims -> claims.audience("billing")),
                bad("no audience", claims -> claims.audience((String) null)),
                bad("no user", claims -> claims.subject(null)),
                bad("an empty user", claims -> claims.subject("")),
                bad("a user too long", claims -> claims.subject("x".repeat(129))),
                bad("a control character in the user", claims -> claims.subject("a\nb")),
                bad("no tenant", claims -> claims.claim("tenant", null)),
                bad("a tenant with a slash", claims -> claims.claim("tenant", "demo/ana")),
                bad("a tenant that is a number", claims -> claims.claim("tenant", 7)),
                bad("no device", claims -> claims.claim("device", null)),
                Arguments.of("no signature", Issuer.unsigned(good())),
                Arguments.of("the public key as a shared secret", ISSUER.hs256WithThePublicKey(good())),
                Arguments.of("an algorithm that is not on the list", ISSUER.ps256(good())),
                Arguments.of("changed after signing", ISSUER.tampered(good())),
                Arguments.of("signature cut off", cutOff()),
                Arguments.of("another key under the same id", Issuer.es256(Issuer.ec("ec-1"), good())),
                Arguments.of("a key that nobody published", Issuer.es256(Issuer.ec("ec-9"), good())),
                Arguments.of("no token at all", "hello"),
                Arguments.of("nothing", ""),
                Arguments.of("too many dots", "a.b.c.d.e.f"));
    }

    private static Arguments bad(String why, UnaryOperator<JWTClaimsSet.Builder> spoil) {
        return Arguments.of(why, ISSUER.es256(spoil.apply(good())));
    }

    private static JWTClaimsSet.Builder good() {
        return Issuer.claims("ana", "phone");
    }

    private static String cutOff() {
        String token = ISSUER.token("ana", "phone");
        return token.substring(0, token.lastIndexOf('.') + 1);
    }

    private static Date ago(int seconds) {
        return Date.from(Instant.now().minusSeconds(seconds));
    }

    @Test
    void allowsHalfAMinuteOfClockSkew() throws Exception {
        assertThat(verifier.verify(ISSUER.es256(good().expirationTime(ago(20)).notBeforeTime(ago(40)))))
                .isNotNull();
    }

    @Test
    void followsARotationOfTheKeys() throws Exception {
        assertThat(verifier.verify(ISSUER.token("ana", "phone"))).isNotNull();
        ECKey next = Issuer.ec("ec-2");
        Issuer.write(keys, new JWKSet(next.toPublicJWK()));

        assertThat(verifier.verify(Issuer.es256(next, good())).user().user()).isEqualTo("ana");
    }

    @Test
    void saysSoWhereTheKeysCannotBeRead() {
        TokenVerifier blind = new TokenVerifier(
                new TokenRules(folder.resolve("missing.json").toUri(), Issuer.NAME, Issuer.AUDIENCE), REFETCH);

        assertThatThrownBy(() -> blind.verify(ISSUER.token("ana", "phone")))
                .isInstanceOfSatisfying(TokenException.class, undecided -> assertThat(undecided.isUndecided())
                        .isTrue());
    }
}
