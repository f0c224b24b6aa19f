package io.herald.simulator;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** Certificates of simulators. */
final class LoopbackCertificate {
    private LoopbackCertificate() {}

    /** Makes one that signs itself, for {@code localhost}, {@code 127.0.0.1} and {@code ::1}. */
    static X509Bundle make() {
        try {
            return new CertificateBuilder()
                    .subject("CN=localhost")
                    .addSanDnsName("localhost")
                    .addSanIpAddress("127.0.0.1")
                    .addSanIpAddress("::1")
                    .setIsCertificateAuthority(true)
                    .ecp256()
                    .buildSelfSigned();
        } catch (Exception failure) { // The builder declares no less.
            throw new IllegalStateException("cannot make a certificate", failure);
        }
    }
}
