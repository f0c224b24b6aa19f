package io.herald.egress;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Decides where a connection may go: by URL before anything else, and by address in the very look-up that the
 * connection is made from, so that a name cannot mean one host when it is checked and another when it is called.
 */
final class Destinations implements DnsResolver {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int HTTPS = 443;

    private final EgressConfig config;
    private final Names names;

    Destinations(EgressConfig config, Names names) {
        this.config = config;
        this.names = names;
    }

    /** What looks names up, and takes addresses in any of their forms for names. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** It has addresses, but none that may be called. */
    static final class NotPublicException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        NotPublicException() {
            super("no public address");
        }
    }

    /** Returns why {@code url} is not to be called, whatever its host's address is; never its text. */
    Optional<String> refusal(URI url) {
        String host = url.getHost();
        if (host == null || url.getRawUserInfo() != null) {
            return Optional.of("not a URL with a host and without user");
        }
        if (host.indexOf('%') >= 0) {
            return Optional.of("an address with a zone");
        }
        if (config.allowLoopback() && LOOPBACK.contains(host)) {
            boolean known = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            return known ? Optional.empty() : Optional.of("neither http nor https");
        }
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            return Optional.of("not https");
        }
        int port = url.getPort() < 0 ? HTTPS : url.getPort();
        return config.ports().contains(port) ? Optional.empty() : Optional.of("port not allowed");
    }

    /**
     * Returns the addresses of {@code host} that may be called.
     *
     * @throws NotPublicException if there is none among those it has
     */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] allowed = Arrays.stream(names.addresses(host))
                .filter(address -> PublicAddresses.isPublic(address)
                        || (config.allowLoopback() && PublicAddresses.isLoopback(address)))
                .toArray(InetAddress[]::new);
        if (allowed.length == 0) {
            throw new NotPublicException();
        }
        return allowed;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
