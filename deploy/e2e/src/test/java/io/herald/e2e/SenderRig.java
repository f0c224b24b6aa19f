package io.herald.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Platform;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.RuleChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.Vendor;
import io.herald.sender.SenderApp;
import io.herald.sender.apns.ApnsSender;
import io.herald.sender.email.EmailSender;
import io.herald.sender.fcm.FcmSender;
import io.herald.simulator.ApnsSimulator;
import io.herald.simulator.FcmSimulator;
import io.herald.simulator.SesSimulator;
import io.herald.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Senders of push and mail, and the providers they talk to, around a router: all deliveries are counted where they
 * arrive.
 */
final class SenderRig implements AutoCloseable {
    static final String TENANT = "acme";

    final ApnsSimulator apns = ApnsSimulator.start(0);
    final FcmSimulator fcm = FcmSimulator.start(0);
    final SesSimulator ses = SesSimulator.start(0);
    private final Map<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();
    private final TopologyStack stack;
    private final Wire wire;
    private final Path folder;
    private final Map<String, SenderApp> senders = new HashMap<>();

    SenderRig(TopologyStack stack) {
        this.stack = stack;
        this.wire = stack.wire();
        apns.onReceived(push -> arrived(push.deliveryId()));
        fcm.onReceived(push -> arrived(push.deliveryId()));
        watch(ses);
        try {
            this.folder =
                    Files.createTempDirectory(Path.of("target"), "senders").toAbsolutePath();
            Files.writeString(folder.resolve("apns.pem"), apns.certificatePem());
            Files.writeString(folder.resolve("apns.p8"), apns.credentials().privateKey());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts the three senders; {@code settings} are for all of them. */
    void start(Map<String, String> settings) {
        senders.put(
                "apns",
                ApnsSender.start(with(
                        settings,
                        Map.of(
                                "apns.production.server", "127.0.0.1:" + apns.port(),
                                "apns.trusted.certificates.file",
                                        folder.resolve("apns.pem").toString(),
                                "apns.key.file", folder.resolve("apns.p8").toString(),
                                "apns.key.id", apns.credentials().keyId(),
                                "apns.team.id", apns.credentials().teamId()))));
        senders.put(
                "fcm",
                FcmSender.start(with(
                        settings,
                        Map.of(
                                "fcm.project.id",
                                "p",
                                "fcm.access.token",
                                "t",
                                "fcm.url",
                                fcm.url().toString()))));
        mail("email", Vendor.FIRST, ses, settings);
    }

    /** Starts a sender of mail under {@code name}, through {@code provider}. */
    void mail(String name, Vendor vendor, SesSimulator provider, Map<String, String> settings) {
        senders.put(
                name,
                EmailSender.start(with(
                        settings,
                        Map.of(
                                "vendor", vendor.name().toLowerCase(Locale.ROOT),
                                "ses.from.address", "hello@acme.example",
                                "ses.region", "eu-west-1",
                                "ses.access.key.id", "id",
                                "ses.secret.access.key", "secret",
                                "ses.url", provider.url().toString(),
                                "ses.account.poll.ms", "0"))));
    }

    private Map<String, String> with(Map<String, String> settings, Map<String, String> own) {
        Map<String, String> all = new HashMap<>();
        all.put("bootstrap.servers", stack.bootstrap());
        all.put("schema.registry.url", stack.registryUrl());
        all.put("health.port", "-1");
        all.putAll(settings);
        all.putAll(own);
        return all;
    }

    SenderApp sender(String name) {
        return senders.get(name);
    }

    /** Writes a rule of these channels and plain templates for each. */
    void category(RuleChanged rule) {
        wire.send(Topics.RULE_CHANGED, rule);
        for (Channel channel : rule.getChannels()) {
            wire.send(
                    Topics.TEMPLATE_CHANGED,
                    new TemplateChanged(TENANT, rule.getCategory(), channel, "en", "News", "{{text}}", null));
        }
    }

    /** Gives users an iPhone, an Android phone and a mailbox each. */
    void users(List<String> users) {
        for (String user : users) {
            androidUser(user);
            wire.send(Topics.DEVICE_CHANGED, user, device(user, Platform.APNS, apnsToken(user)));
            apns.register(apnsToken(user));
        }
        wire.flush();
    }

    /** Gives a user an Android phone and a mailbox. */
    void androidUser(String user) {
        wire.send(Topics.DEVICE_CHANGED, user, device(user, Platform.FCM, "fcm-token:" + user));
        wire.send(
                Topics.CONTACT_CHANGED,
                user,
                new ContactChanged(TENANT, user, ContactKind.EMAIL, user + "@example.com"));
        fcm.register("fcm-token:" + user);
    }

    private static DeviceChanged device(String user, Platform platform, String token) {
        return new DeviceChanged(
                TENANT, user, platform.name(), platform, token, "com.acme.app", Environment.PRODUCTION);
    }

    private static String apnsToken(String user) {
        return String.format("%064x", new BigInteger(1, user.getBytes(UTF_8)));
    }

    static NotificationRequested event(String id, String user, String category) {
        return NotificationRequested.newBuilder()
                .setTenant(TENANT)
                .setSource("test")
                .setId(id)
                .setRecipients(List.of(user))
                .setCategory(category)
                .setData(Map.of("text", id))
                .build();
    }

    /** Returns how often each delivery arrived at its provider. */
    Map<String, Integer> arrivals() {
        Map<String, Integer> counts = new HashMap<>();
        arrivals.forEach((delivery, count) -> counts.put(delivery, count.get()));
        return counts;
    }

    /** Returns what was reported of each delivery, in order. */
    Map<String, List<ReportedOutcome>> reported() {
        Map<String, List<ReportedOutcome>> outcomes = new HashMap<>();
        wire.readAll(Topics.DELIVERY_REPORTED, DeliveryReported.class)
                .forEach(read -> outcomes.computeIfAbsent(read.value().getDeliveryId(), any -> new ArrayList<>())
                        .add(read.value().getOutcome()));
        return outcomes;
    }

    /** Returns the value of a meter of one sender that has these tags, 0 if there is none. */
    double meter(String sender, String name, String... tags) {
        return sender(sender)
                .metrics()
                .lines()
                .filter(line ->
                        line.startsWith(name + "{") && List.of(tags).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Counts what arrives at one more provider of mail. */
    void watch(SesSimulator provider) {
        provider.onReceived(mail -> arrived(mail.deliveryId()));
    }

    private void arrived(String delivery) {
        arrivals.computeIfAbsent(delivery, any -> new AtomicInteger()).incrementAndGet();
    }

    static Duration seconds(String property, int usual) {
        return Duration.ofSeconds(Integer.getInteger(property, usual));
    }

    @Override
    public void close() {
        senders.values().forEach(SenderApp::close);
        apns.close();
        fcm.close();
        ses.close();
    }
}
