package io.herald.local;

import io.herald.ingest.Ingest;
import io.herald.ingest.IngestConfig;
import io.herald.sender.SenderApp;
import io.herald.sender.apns.ApnsSender;
import io.herald.sender.email.EmailSender;
import io.herald.sender.fcm.FcmSender;
import io.herald.sender.sms.SmsSender;
import io.herald.sender.webhook.WebhookSender;
import io.herald.sender.webpush.WebPushSender;
import io.herald.topology.app.HeraldConfig;
import io.herald.topology.app.TopologyApp;
import io.herald.websocket.Gateway;
import io.herald.websocket.GatewayConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Herald in one JVM: topology, senders, gateway and ingest, each with its own configuration out of one file, where a
 * key begins with the name of the part that it is for. In production each is a process of its own.
 *
 * <p>Makes the file {@code ready} beside the configuration when all parts take part. Ends with 1 when one fails for
 * good.
 */
public final class HeraldMain {
    private static final Duration LOOK = Duration.ofMillis(100);

    private HeraldMain() {}

    /** Runs until it is told to end, or fails. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]);
        Properties all = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            all.load(in);
        }
        TopologyApp topology = TopologyApp.start(HeraldConfig.from(part(all, "topology")));
        List<SenderApp> senders = List.of(
                ApnsSender.start(part(all, "apns")),
                FcmSender.start(part(all, "fcm")),
                EmailSender.start(part(all, "email")),
                SmsSender.start(part(all, "sms")),
                WebPushSender.start(part(all, "webpush")),
                WebhookSender.start(part(all, "webhook")));
        Gateway gateway = Gateway.start(GatewayConfig.from(part(all, "gateway")));
        Ingest ingest = Ingest.start(IngestConfig.from(part(all, "ingest")));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            ingest.close();
                            gateway.close();
                            senders.forEach(SenderApp::close);
                            topology.close();
                        },
                        "close"));
        Path ready = file.resolveSibling("ready");
        boolean told = false;
        while (!topology.awaitFailure(LOOK) && senders.stream().allMatch(SenderApp::live)) {
            if (!told && topology.ready() && senders.stream().allMatch(SenderApp::ready)) {
                Files.createFile(ready);
                told = true;
            }
        }
        System.exit(1);
    }

    private static Map<String, String> part(Properties all, String name) {
        Map<String, String> part = new HashMap<>();
        String prefix = name + ".";
        for (String key : all.stringPropertyNames()) {
            if (key.startsWith(prefix)) {
                part.put(key.substring(prefix.length()), all.getProperty(key));
            }
        }
        return part;
    }
}
