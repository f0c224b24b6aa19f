package io.herald.sender.email;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.sender.callback.RefusedCallbackException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Checks that a message is from SNS, of one of our topics, and new. What costs nothing is checked first: strangers
 * cause no request of ours.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html">AWS: Verifying the
 *     signatures of Amazon SNS messages</a>
 */
final class SnsVerifier {
    /** SNS repeats a message for less than that. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Map<String, String> ALGORITHMS = Map.of("1", "SHA1withRSA", "2", "SHA256withRSA");

    private final Set<String> topics;
    private final Function<String, SnsHost> hosts;
    private final SnsCertificates certificates;
    private final InstantSource clock;

    /**
     * Creates one.
     *
     * @param topics ARNs of those whose messages are taken
     * @param hosts returns the host that speaks for such a topic
     */
    SnsVerifier(
            Set<String> topics, Function<String, SnsHost> hosts, SnsCertificates certificates, InstantSource clock) {
        this.topics = Set.copyOf(topics);
        this.hosts = hosts;
        this.certificates = certificates;
        this.clock = clock;
    }

    /**
     * Returns the message in a callback's body.
     *
     * @throws RefusedCallbackException if there is none, or it is not good
     */
    SnsMessage verified(String body) throws RefusedCallbackException {
        SnsMessage message = SnsMessage.read(body);
        if (!topics.contains(message.topic())) {
            throw RefusedCallbackException.forged("another topic");
        }
        Duration age = Duration.between(message.timestamp(), clock.instant());
        if (age.abs().compareTo(LONGEST) > 0) {
            throw RefusedCallbackException.forged("more than an hour from now");
        }
        String algorithm = ALGORITHMS.get(message.field("SignatureVersion"));
        if (algorithm == null) {
            throw RefusedCallbackException.forged("no signature of version 1 or 2");
        }
        URI certificate = hosts.apply(message.topic())
                .certificate(message.field("SigningCertURL"))
                .orElseThrow(() -> RefusedCallbackException.forged("its certificate is not at SNS"));
        if (!signed(message, algorithm, certificate)) {
            throw RefusedCallbackException.forged("its signature is not good");
        }
        return message;
    }

    private boolean signed(SnsMessage message, String algorithm, URI certificate) throws RefusedCallbackException {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(certificates.get(certificate).getPublicKey());
            signature.update(message.signed().getBytes(UTF_8));
            return signature.verify(Base64.getDecoder().decode(message.field("Signature")));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }
}
