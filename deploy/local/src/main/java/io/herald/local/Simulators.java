package io.herald.local;

import io.herald.local.page.Arrivals;
import io.herald.local.page.Feed;
import io.herald.local.story.Cast;
import io.herald.schema.Platform;
import io.herald.simulator.ApnsSimulator;
import io.herald.simulator.FcmSimulator;
import io.herald.simulator.SesSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The providers' stand-ins, in this process: they know the cast's phones, but for those that are dead. */
public final class Simulators implements Component {
    private final Ports ports;
    private ApnsSimulator apns;
    private FcmSimulator fcm;
    private SesSimulator ses;

    Simulators(Ports ports) {
        this.ports = ports;
    }

    @Override
    public synchronized void start() {
        apns = ApnsSimulator.start(ports.of(Port.APNS));
        fcm = FcmSimulator.start(ports.of(Port.FCM));
        ses = SesSimulator.start(ports.of(Port.SES));
        for (Cast.Member member : Cast.members()) {
            for (Cast.Gadget gadget : member.gadgets()) {
                if (gadget.alive() && gadget.platform() == Platform.APNS) {
                    apns.register(gadget.token());
                } else if (gadget.alive()) {
                    fcm.register(gadget.token());
                }
            }
        }
    }

    /** Writes what senders need to reach the simulators; credentials go to {@code folder}. */
    void configure(Properties settings, Path folder) throws IOException {
        Path certificate = Files.writeString(folder.resolve("apns-certificate.pem"), apns.certificatePem());
        Path key = Files.writeString(
                folder.resolve("apns-key.p8"), apns.credentials().privateKey());
        settings.setProperty("apns.apns.production.server", "127.0.0.1:" + apns.port());
        settings.setProperty("apns.apns.trusted.certificates.file", certificate.toString());
        settings.setProperty("apns.apns.key.file", key.toString());
        settings.setProperty("apns.apns.key.id", apns.credentials().keyId());
        settings.setProperty("apns.apns.team.id", apns.credentials().teamId());
        settings.setProperty("fcm.fcm.project.id", "herald-demo");
        settings.setProperty("fcm.fcm.access.token", "demo");
        settings.setProperty("fcm.fcm.url", fcm.url().toString());
        settings.setProperty("email.ses.from.address", "hello@acme.example");
        settings.setProperty("email.ses.from.name", "Acme");
        settings.setProperty("email.ses.region", "eu-west-1");
        settings.setProperty("email.ses.access.key.id", "demo");
        settings.setProperty("email.ses.secret.access.key", "demo");
        settings.setProperty("email.ses.url", ses.url().toString());
    }

    /** Returns what arrives, for the page. */
    Arrivals arrivals() {
        return new Arrivals(
                new Feed<>(apns::received, apns::onReceived),
                new Feed<>(fcm::received, fcm::onReceived),
                new Feed<>(ses::received, ses::onReceived));
    }

    public ApnsSimulator apns() {
        return apns;
    }

    public FcmSimulator fcm() {
        return fcm;
    }

    public SesSimulator ses() {
        return ses;
    }

    @Override
    public boolean alive() {
        return true; // They live and die with this process.
    }

    @Override
    public String where() {
        return "APNs " + ports.address(Port.APNS) + ", FCM " + ports.address(Port.FCM) + ", SES "
                + ports.address(Port.SES);
    }

    @Override
    public synchronized void close() {
        if (apns != null) {
            apns.close();
        }
        if (fcm != null) {
            fcm.close();
        }
        if (ses != null) {
            ses.close();
        }
    }
}
