package io.herald.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import io.herald.testkit.Issuer;
import io.herald.wire.UserKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokensTest {
    private static final Issuer ISSUER = new Issuer();
    private static final Duration REFETCH = Duration.ofMillis(1);

    @TempDir
    private Path folder;

    private Path keys;
    private Tokens verifier;

    @BeforeEach
    void publishKeys() {
        keys = ISSUER.publish(folder.resolve("keys.json"));
        verifier = verifier(keys);
    }

    private static Tokens verifier(Path keys, String... tenants) {
        return new Tokens(List.of(issuer(Issuer.NAME, keys, tenants)), Set.of("device"), REFETCH);
    }

    private static TokenIssuer issuer(String name, Path keys, String... tenants) {
        return new TokenIssuer(name, keys.toUri(), Issuer.AUDIENCE, Set.of(tenants));
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
        Tokens blind = verifier(folder.resolve("missing.json"));

        assertThatThrownBy(() -> blind.verify(ISSUER.token("ana", "phone")))
                .isInstanceOfSatisfying(TokenException.class, undecided -> assertThat(undecided.isUndecided())
                        .isTrue());
    }

    @Test
    void takesEachIssuersTokensByItsOwnKeysOnly() throws Exception {
        Issuer other = new Issuer();
        String otherName = "https://other.test";
        Tokens both = new Tokens(
                List.of(issuer(Issuer.NAME, keys), issuer(otherName, other.publish(folder.resolve("other.json")))),
                Set.of("device"),
                REFETCH);

        assertThat(both.verify(ISSUER.token("ana", "phone")).subject()).isEqualTo("ana");
        assertThat(both.verify(other.es256(good().issuer(otherName))).subject()).isEqualTo("ana");
        assertRefused(both, other.es256(good()));
        assertRefused(both, ISSUER.es256(good().issuer(otherName)));
    }

    @Test
    void letsAnIssuerSpeakForItsTenantsOnly() throws Exception {
        assertThat(verifier(keys, "demo").verify(ISSUER.es256(good())).tenant()).isEqualTo("demo");
        assertRefused(verifier(keys, "shop"), ISSUER.es256(good()));
    }

    @Test
    void readsScopes() throws Exception {
        assertThat(verifier.verify(ISSUER.es256(good().claim("scope", "read  write")))
                        .scopes())
                .containsExactlyInAnyOrder("read", "write");
        assertThat(verifier.verify(ISSUER.es256(good())).scopes()).isEmpty();
    }

    private static void assertRefused(Tokens tokens, String token) {
        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOfSatisfying(TokenException.class, refused -> assertThat(refused.isUndecided())
                        .isFalse());
    }
}
