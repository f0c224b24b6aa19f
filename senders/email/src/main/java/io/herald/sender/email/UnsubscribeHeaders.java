package io.herald.sender.email;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.herald.consent.ConsentKeys;
import io.herald.consent.Unsubscribe;
import io.herald.consent.UnsubscribeTokens;
import io.herald.schema.Delivery;
import io.herald.secret.SecretSetting;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import software.amazon.awssdk.services.sesv2.model.MessageHeader;

/**
 * The two headers by which a mail program unsubscribes a reader with one click. SES signs them with DKIM, as RFC 8058
 * demands.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8058">RFC 8058</a>
 */
final class UnsubscribeHeaders {
    private static final MessageHeader ONE_CLICK = MessageHeader.builder()
            .name("List-Unsubscribe-Post")
            .value("List-Unsubscribe=One-Click")
            .build();

    private final SesConfig.Unsubscribing config;
    private final UnsubscribeTokens tokens;

    /**
     * Reads the keys.
     *
     * @param config null for no such headers
     * @throws ConfigException if there are none
     */
    UnsubscribeHeaders(SesConfig.Unsubscribing config) {
        this.config = config;
        this.tokens = config == null ? null : tokens(config);
    }

    /** Returns the headers of a delivery's mail; none if it is no marketing, unless all are to have them. */
    List<MessageHeader> of(Delivery delivery) {
        if (config == null || !(delivery.getMarketing() || config.always())) {
            return List.of();
        }
        String token = tokens.token(new Unsubscribe(delivery.getTenant(), delivery.getUser(), delivery.getCategory()));
        String link = config.url().replace(SesConfig.Unsubscribing.PLACE, token);
        return List.of(
                MessageHeader.builder()
                        .name("List-Unsubscribe")
                        .value("<" + link + ">")
                        .build(),
                ONE_CLICK);
    }

    private static UnsubscribeTokens tokens(SesConfig.Unsubscribing config) {
        return new UnsubscribeTokens(SecretSetting.read(
                SesConfig.UNSUBSCRIBE_KEY_FILE,
                List.of(config.keyFile()),
                "Not a file of keys",
                contents -> ConsentKeys.parse(new String(contents.get(0), US_ASCII))));
    }
}
