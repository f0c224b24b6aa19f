package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A topic of SNS: what it posts to those who subscribe, signed as SNS does, with a certificate of its own. */
public final class SnsTopic {
    private static final String PEM = "SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";
    private static final List<String> SIGNED_OF_NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> SIGNED_OF_CONFIRMATION =
            List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

    private final String arn;
    private final URI sns;
    private final X509Bundle signer;

    /**
     * Makes up a topic.
     *
     * @param sns where SNS is, to fetch the certificate and to confirm subscriptions
     */
    public SnsTopic(String arn, URI sns) {
        this(arn, sns, "sns.amazonaws.com", Instant.now().plus(1, ChronoUnit.DAYS));
    }

    /**
     * Makes up a topic whose certificate is in some name, and in force until some time.
     *
     * @param sns where SNS is, to fetch the certificate and to confirm subscriptions
     */
    public SnsTopic(String arn, URI sns, String signer, Instant until) {
        this.arn = arn;
        this.sns = sns;
        try {
            this.signer = new CertificateBuilder()
                    .subject("CN=" + signer)
                    .notBefore(until.minus(2, ChronoUnit.DAYS))
                    .notAfter(until)
                    .setIsCertificateAuthority(true)
                    .rsa2048()
                    .buildSelfSigned();
        } catch (Exception failure) { // The builder declares no less.
            throw new IllegalStateException("cannot make a certificate", failure);
        }
    }

    /** Returns the topic's name. */
    public String arn() {
        return arn;
    }

    /** Returns where SNS would have its certificate. */
    public URI certificateUrl() {
        return sns.resolve("/" + PEM);
    }

    /** Returns its certificate. */
    public String certificatePem() {
        return signer.getCertificatePEM();
    }

    /** Returns the fields of a notification that carries {@code message}, to be signed. */
    public Map<String, String> notification(String message) {
        return fields("Notification", message);
    }

    /** Returns the fields of a message that asks for, or tells of the end of, a subscription, to be signed. */
    public Map<String, String> confirmation(String type) {
        Map<String, String> fields = fields(type, "You have chosen to subscribe to the topic " + arn);
        String token = UUID.randomUUID().toString();
        fields.put("Token", token);
        fields.put(
                "SubscribeURL", sns.resolve("/") + "?Action=ConfirmSubscription&TopicArn=" + arn + "&Token=" + token);
        return fields;
    }

    private Map<String, String> fields(String type, String message) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Type", type);
        fields.put("MessageId", UUID.randomUUID().toString());
        fields.put("TopicArn", arn);
        fields.put("Message", message);
        fields.put("Timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        fields.put("SigningCertURL", certificateUrl().toString());
        return fields;
    }

    /**
     * Returns what SNS would post.
     *
     * @param version of the signature: 1 or 2
     */
    public String signed(Map<String, String> fields, int version) {
        List<String> names =
                "Notification".equals(fields.get("Type")) ? SIGNED_OF_NOTIFICATION : SIGNED_OF_CONFIRMATION;
        StringBuilder text = new StringBuilder();
        names.stream()
                .filter(fields::containsKey)
                .forEach(name ->
                        text.append(name).append('\n').append(fields.get(name)).append('\n'));
        try {
            Signature signature = Signature.getInstance(version == 1 ? "SHA1withRSA" : "SHA256withRSA");
            signature.initSign(signer.getKeyPair().getPrivate());
            signature.update(text.toString().getBytes(UTF_8));
            JsonObject json = new JsonObject();
            fields.forEach(json::put);
            return json.put("SignatureVersion", Integer.toString(version))
                    .put("Signature", Base64.getEncoder().encodeToString(signature.sign()))
                    .encode();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has RSA", impossible);
        }
    }
}
