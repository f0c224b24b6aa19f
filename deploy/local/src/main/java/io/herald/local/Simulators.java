package io.herald.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.local.page.Arrivals;
import io.herald.local.page.Feed;
import io.herald.local.page.Providers;
import io.herald.local.story.Cast;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.Platform;
import io.herald.simulator.ApnsSimulator;
import io.herald.simulator.FcmSimulator;
import io.herald.simulator.Push;
import io.herald.simulator.SesSimulator;
import io.herald.simulator.Simulator;
import io.herald.simulator.TwilioSimulator;
import io.herald.simulator.WebPushSimulator;
import io.herald.simulator.WebhookSimulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** The providers' stand-ins, in this process: they know the cast's phones, but for those that are dead. */
public final class Simulators implements Component {
    /** The file of the certificates that senders have to trust, beside their configuration. */
    static final String TRUSTED = "trusted.p12";
    /** It protects nothing: what is in there is public. */
    static final String TRUSTED_PASSWORD = "public";

    private static final String VAPID_KEY = "demo";
    private static final int SECRET_BYTES = 32;

    private final Ports ports;
    private final Map<String, Simulator<?>> all = new LinkedHashMap<>();
    private final Map<String, Cast.Gadget> gadgets = new LinkedHashMap<>();
    private final List<DeviceChanged> browsers = new ArrayList<>();
    private final String webhookSecret = "whsec_" + secret();
    private final String twilioToken = secret();
    private ApnsSimulator apns;
    private FcmSimulator fcm;
    private WebPushSimulator webPush;
    private SesSimulator ses;
    private TwilioSimulator twilio;
    private WebhookSimulator webhook;
    private String channel;

    Simulators(Ports ports) {
        this.ports = ports;
    }

    @Override
    public synchronized void start() {
        apns = started("apns", ApnsSimulator.start(ports.of(Port.APNS)));
        fcm = started("fcm", FcmSimulator.start(ports.of(Port.FCM)));
        webPush = started("webpush", WebPushSimulator.startWithTls(ports.of(Port.WEBPUSH)));
        ses = started("email", SesSimulator.start(ports.of(Port.SES)));
        twilio = started("sms", TwilioSimulator.start(ports.of(Port.TWILIO), twilioToken));
        webhook = started("webhook", WebhookSimulator.startWithTls(ports.of(Port.WEBHOOK)));
        webhook.believe(webhookSecret);
        channel = webhook.open(WebhookSimulator.Kind.SLACK);
        for (Cast.Member member : Cast.members()) {
            member.gadgets().stream().filter(Cast.Gadget::alive).forEach(gadget -> install(member, gadget));
        }
    }

    private <S extends Simulator<?>> S started(String provider, S simulator) {
        all.put(provider, simulator);
        return simulator;
    }

    private void install(Cast.Member member, Cast.Gadget gadget) {
        switch (gadget.platform()) {
            case APNS -> apns.register(gadget.token());
            case FCM -> fcm.register(gadget.token());
            case WEBPUSH -> {
                String subscription = subscription();
                gadgets.put(subscription, gadget);
                browsers.add(new DeviceChanged(
                        Cast.TENANT,
                        member.user(),
                        gadget.device(),
                        Platform.WEBPUSH,
                        subscription,
                        VAPID_KEY,
                        Environment.PRODUCTION));
            }
        }
    }

    private String subscription() {
        try {
            return webPush.subscribe(null);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has P-256", impossible);
        }
    }

    /** Returns what the cast's browsers have subscribed to. */
    List<DeviceChanged> browsers() {
        return List.copyOf(browsers);
    }

    /** Returns the URLs of the cast's chats. */
    List<ContactChanged> chats() {
        return List.of(new ContactChanged(Cast.TENANT, Cast.CHANNEL, ContactKind.SLACK, channel));
    }

    /** Writes what senders need to reach the simulators; credentials go to {@code folder}. */
    void configure(Properties settings, Path folder) throws IOException {
        Path certificate = Files.writeString(folder.resolve("apns-certificate.pem"), apns.certificatePem());
        Path key = SecretFile.write(
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
        settings.setProperty("email.ses.configuration.set", "herald");
        settings.setProperty("email.ses.feedback.topics", SesSimulator.TOPIC);
        settings.setProperty("email.ses.feedback.sns.url", ses.url().toString());
        hears(settings, "email", Port.EMAIL_CALLBACK);
        configureSms(settings, folder);
        configureBrowsersAndChats(settings, folder);
    }

    private void configureSms(Properties settings, Path folder) throws IOException {
        Path tokens = SecretFile.write(folder.resolve("twilio-auth-tokens"), twilioToken + "\n");
        settings.setProperty("sms.twilio.account.sid", TwilioSimulator.ACCOUNT);
        settings.setProperty("sms.twilio.auth.tokens.file", tokens.toString());
        settings.setProperty("sms.twilio.from", "+15005550006");
        settings.setProperty("sms.twilio.url", twilio.url().toString());
        settings.setProperty("sms.sms.countries", "+1");
        hears(settings, "sms", Port.SMS_CALLBACK);
    }

    private void configureBrowsersAndChats(Properties settings, Path folder) throws IOException {
        Path vapid = SecretFile.write(folder.resolve("vapid.json"), vapidKeys());
        settings.setProperty("webpush.webpush.vapid.keys.file", vapid.toString());
        settings.setProperty("webpush.webpush.vapid.key.default", VAPID_KEY);
        settings.setProperty("webpush.webpush.vapid.subject", "mailto:push@acme.example");
        settings.setProperty("webpush.webpush.hosts", "127.0.0.1");
        settings.setProperty("webpush.egress.allow.loopback", "true");
        Path secrets = SecretFile.write(folder.resolve("webhook-secrets"), "* = " + webhookSecret + "\n");
        settings.setProperty("webhook.webhook.secrets.file", secrets.toString());
        settings.setProperty("webhook.egress.allow.loopback", "true");
        trust(folder.resolve(TRUSTED));
    }

    private void hears(Properties settings, String sender, Port port) {
        settings.setProperty(sender + ".callback.port", Integer.toString(ports.of(port)));
        settings.setProperty(sender + ".callback.public.url", callback(port).toString());
    }

    private URI callback(Port port) {
        return URI.create(ports.url(port) + "/");
    }

    private void trust(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (String pem : List.of(webPush.certificatePem(), webhook.certificatePem())) {
                store.setCertificateEntry(
                        "simulator-" + store.size(),
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8))));
            }
            store.store(out, TRUSTED_PASSWORD.toCharArray());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has PKCS12", impossible);
        }
    }

    private static String vapidKeys() {
        try {
            return "{\"" + VAPID_KEY + "\":" + WebPushSimulator.vapidKeys().encode() + "}";
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has P-256", impossible);
        }
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Lets those providers that do so tell the senders, which listen now, what becomes of messages. */
    void callBack() {
        ses.publishTo(callback(Port.EMAIL_CALLBACK));
        twilio.reportTo(callback(Port.SMS_CALLBACK));
    }

    /** Answers an SMS: with STOP, Twilio takes no more for that number until START. */
    void reply(String number, String text) throws IOException, InterruptedException {
        twilio.optOut(number, text.equals("STOP"));
        URI callback = callback(Port.SMS_CALLBACK);
        int status = twilio.reply(callback.toString(), callback, number, text, null);
        if (status != 200) {
            throw new IOException("the SMS sender answers " + status);
        }
    }

    /** Returns what arrives, for the page. */
    Arrivals arrivals() {
        return new Arrivals(
                feed(apns), feed(fcm), feed(webPush).map(this::named), feed(ses), feed(twilio), feed(webhook));
    }

    // The page knows a browser by a name, as its subscription is made anew at each start.
    private Push named(Push push) {
        Cast.Gadget gadget = gadgets.get(push.token());
        return new Push(
                push.at(),
                push.deliveryId(),
                gadget.token(),
                push.title(),
                push.body(),
                push.link(),
                push.collapse(),
                push.priority(),
                push.expiration(),
                push.silent(),
                push.seq(),
                push.clears(),
                push.raw());
    }

    private static <T> Feed<T> feed(Simulator<T> simulator) {
        return new Feed<>(simulator::received, simulator::onReceived);
    }

    /** Returns them all, for the page to make them fail. */
    Providers providers() {
        return new Providers(all);
    }

    public ApnsSimulator apns() {
        return apns;
    }

    public FcmSimulator fcm() {
        return fcm;
    }

    public WebPushSimulator webPush() {
        return webPush;
    }

    public SesSimulator ses() {
        return ses;
    }

    public TwilioSimulator twilio() {
        return twilio;
    }

    public WebhookSimulator webhook() {
        return webhook;
    }

    @Override
    public boolean alive() {
        return true; // They live and die with this process.
    }

    @Override
    public String where() {
        return Stream.of(Port.APNS, Port.FCM, Port.WEBPUSH, Port.SES, Port.TWILIO, Port.WEBHOOK)
                .map(port -> port + " " + ports.address(port))
                .reduce((one, next) -> one + ", " + next)
                .orElseThrow();
    }

    @Override
    public synchronized void close() {
        all.values().forEach(Simulator::close);
    }
}
