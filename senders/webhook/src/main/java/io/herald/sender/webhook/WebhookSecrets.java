package io.herald.sender.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.herald.secret.SecretSetting;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/** What each tenant's webhooks are signed with: several secrets while one takes another's place. */
final class WebhookSecrets {
    private static final String OTHERS = "*";
    private static final String PREFIX = "whsec_";
    /** Standard Webhooks: 24 to 64 bytes. */
    private static final int FEWEST_BYTES = 24;

    private static final int MOST_BYTES = 64;

    private final Map<String, List<Webhook>> signers;

    private WebhookSecrets(Map<String, List<Webhook>> signers) {
        this.signers = Map.copyOf(signers);
    }

    /**
     * Reads the secrets, and again when they change.
     *
     * @param file null for none
     * @throws org.apache.kafka.common.config.ConfigException if they cannot be read
     */
    static Supplier<WebhookSecrets> of(Path file) {
        if (file == null) {
            WebhookSecrets none = new WebhookSecrets(Map.of());
            return () -> none;
        }
        return SecretSetting.read(
                WebhookConfig.SECRETS_FILE, List.of(file), "No signing secrets", contents -> parse(contents.get(0)));
    }

    static WebhookSecrets parse(byte[] contents) throws IOException, GeneralSecurityException {
        Properties file = new Properties();
        file.load(new StringReader(new String(contents, UTF_8)));
        Map<String, List<Webhook>> signers = new HashMap<>();
        for (String tenant : file.stringPropertyNames()) {
            List<Webhook> its = new ArrayList<>();
            for (String secret : file.getProperty(tenant).strip().split("\\s+", -1)) {
                its.add(signer(secret));
            }
            signers.put(tenant, List.copyOf(its));
        }
        return new WebhookSecrets(signers);
    }

    private static Webhook signer(String secret) throws InvalidKeyException {
        if (!secret.startsWith(PREFIX)) {
            throw new InvalidKeyException("a secret without " + PREFIX);
        }
        byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        if (key.length < FEWEST_BYTES || key.length > MOST_BYTES) {
            throw new InvalidKeyException("a secret of another length than 24 to 64 bytes");
        }
        return new Webhook(key);
    }

    /**
     * Returns the header webhook-signature: one signature by each of the tenant's secrets.
     *
     * @return nothing if there is no secret for it
     */
    Optional<String> signature(String tenant, String id, long timestamp, String body) {
        List<Webhook> its = signers.getOrDefault(tenant, signers.get(OTHERS));
        if (its == null) {
            return Optional.empty();
        }
        try {
            List<String> signatures = new ArrayList<>();
            for (Webhook signer : its) {
                signatures.add(signer.sign(id, timestamp, body));
            }
            return Optional.of(String.join(" ", signatures));
        } catch (WebhookSigningException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }
}
