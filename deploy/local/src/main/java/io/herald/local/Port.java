package io.herald.local;

import java.util.Locale;

/** The ports of the local stack, all on 127.0.0.1. {@code HERALD_<NAME>_PORT} in the environment moves one. */
public enum Port {
    KAFKA(9092, "Kafka"),
    KAFKA_CONTROLLER(9093, "Kafka's controller"),
    REGISTRY(8081, "the schema registry"),
    REGISTRY_MANAGEMENT(8082, "the schema registry's health"),
    CONNECT(8083, "Kafka Connect"),
    POSTGRES(15432, "PostgreSQL"),
    PAGE(8080, "the page"),
    GATEWAY(8090, "the WebSocket gateway"),
    INGEST(8070, "HTTP ingest"),
    APNS(8091, "the APNs simulator"),
    FCM(8092, "the FCM simulator"),
    SES(8093, "the SES simulator"),
    WEBPUSH(8094, "the Web Push simulator"),
    TWILIO(8095, "the Twilio simulator"),
    WEBHOOK(8096, "the simulator of webhooks and Slack"),
    EMAIL_CALLBACK(8097, "what SES says of mails"),
    SMS_CALLBACK(8098, "what Twilio says of SMS");

    private final int usual;
    private final String owner;

    Port(int usual, String owner) {
        this.usual = usual;
        this.owner = owner;
    }

    int usual() {
        return usual;
    }

    /** Returns what listens there, for messages. */
    public String owner() {
        return owner;
    }

    String variable() {
        return "HERALD_" + name().toUpperCase(Locale.ROOT) + "_PORT";
    }
}
