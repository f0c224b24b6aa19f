package io.herald.bench;

import com.eatthepath.pushy.apns.server.BenchmarkApnsServer;
import com.eatthepath.pushy.apns.server.BenchmarkApnsServerBuilder;
import io.herald.simulator.ApnsCredentials;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** The server that pushy's authors measure pushy with: it looks at nothing and takes everything. */
final class PushyServer {
    private static final int THREADS = 2;
    private static final int STREAMS = 1_000;

    private final int port;
    private final X509Bundle certificate;

    private PushyServer(int port, X509Bundle certificate) {
        this.port = port;
        this.certificate = certificate;
    }

    /** Starts it, for as long as the process lives. */
    @SuppressWarnings("deprecation") // The only kind that pushy 0.15 knows a channel for.
    static PushyServer start() {
        try {
            X509Bundle certificate = new CertificateBuilder()
                    .subject("CN=localhost")
                    .addSanDnsName("localhost")
                    .setIsCertificateAuthority(true)
                    .ecp256()
                    .buildSelfSigned();
            BenchmarkApnsServer server = new BenchmarkApnsServerBuilder()
                    .setServerCredentials(
                            certificate.getCertificatePath(),
                            certificate.getKeyPair().getPrivate(),
                            null)
                    .setMaxConcurrentStreams(STREAMS)
                    .setEventLoopGroup(new NioEventLoopGroup(THREADS))
                    .build();
            int port = server.start(0).get();
            return new PushyServer(port, certificate);
        } catch (Exception failure) { // The builder declares no less.
            throw new IllegalStateException("pushy's server does not start", failure);
        }
    }

    int port() {
        return port;
    }

    String certificatePem() {
        return certificate.getCertificatePEM();
    }

    /** Returns a key to sign with: any will do. */
    String anyKey() {
        return ApnsCredentials.generate().privateKey();
    }
}
