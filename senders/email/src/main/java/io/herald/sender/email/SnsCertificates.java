package io.herald.sender.email;

import io.herald.sender.callback.RefusedCallbackException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The certificates that SNS signs with: fetched once a day, by https from SNS itself, whose own chain is checked at
 * that. The files hold no chain, only the certificate of one who signs: it must be in force and in SNS's name.
 *
 * <p>Anybody may name certificates that are not there, so few are fetched in a minute. Thread-safe.
 */
final class SnsCertificates {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST_A_MINUTE = 10;
    private static final int DNS_NAME = 2;
    private static final Pattern SIGNER =
            Pattern.compile("sns(?:-signing)?(?:[.-][a-z0-9-]+)?\\.amazonaws\\.(?:com|com\\.cn|eu)");
    private static final Pattern COMMON_NAME = Pattern.compile("(?:.*,)?CN=([^,]+)(?:,.*)?");

    private final Fetch fetch;
    private final InstantSource clock;
    private final Map<URI, Kept> kept = new HashMap<>();
    private final Deque<Instant> fetches = new ArrayDeque<>();

    SnsCertificates(Fetch fetch, InstantSource clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /** How a URL is asked. */
    interface Fetch {
        byte[] get(URI url) throws IOException;
    }

    private record Kept(X509Certificate certificate, Instant since) {}

    /**
     * Returns the certificate at {@code url}, which must be one of SNS's.
     *
     * @throws RefusedCallbackException if it is not good, or cannot be had now
     */
    synchronized X509Certificate get(URI url) throws RefusedCallbackException {
        Instant now = clock.instant();
        kept.values().removeIf(each -> each.since().plus(KEPT).isBefore(now));
        Kept known = kept.get(url);
        if (known == null) {
            known = new Kept(fetched(url, now), now);
            kept.put(url, known);
        }
        try {
            known.certificate().checkValidity(Date.from(now));
        } catch (CertificateException outOfForce) {
            throw RefusedCallbackException.forged("its certificate is not in force");
        }
        return known.certificate();
    }

    private X509Certificate fetched(URI url, Instant now) throws RefusedCallbackException {
        while (!fetches.isEmpty() && fetches.peekFirst().plus(MINUTE).isBefore(now)) {
            fetches.removeFirst();
        }
        if (fetches.size() >= MOST_A_MINUTE) {
            throw RefusedCallbackException.later("too many certificates are asked for");
        }
        fetches.addLast(now);
        X509Certificate certificate;
        try {
            certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(fetch.get(url)));
        } catch (IOException away) {
            throw RefusedCallbackException.later("its certificate cannot be fetched");
        } catch (CertificateException unreadable) {
            throw RefusedCallbackException.forged("its certificate is none");
        }
        if (names(certificate).noneMatch(name -> SIGNER.matcher(name).matches())) {
            throw RefusedCallbackException.forged("its certificate is not in the name of SNS");
        }
        return certificate;
    }

    private static Stream<String> names(X509Certificate certificate) throws RefusedCallbackException {
        try {
            Stream<String> alternatives = Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream()
                    .flatMap(each -> each.stream())
                    .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                    .map(name -> String.valueOf(name.get(1)));
            var common =
                    COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
            return Stream.concat(alternatives, common.matches() ? Stream.of(common.group(1)) : Stream.empty());
        } catch (CertificateException unreadable) {
            throw RefusedCallbackException.forged("its certificate has no names");
        }
    }
}
