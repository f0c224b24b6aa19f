package io.herald.sender.email;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one host that speaks for a topic. A message says itself where its certificate is and where to confirm it: what is
 * anywhere else is never asked.
 *
 * @param scheme https, but for a simulator
 * @param authority host, without a port but for a simulator
 */
record SnsHost(String scheme, String authority) {
    private static final Pattern TOPIC = Pattern.compile(
            "arn:(aws[a-z-]{0,20}):sns:([a-z]{2,12}(?:-[a-z0-9]{1,12}){1,4}):\\d{12}:[A-Za-z0-9_.-]{1,256}");
    private static final Map<String, String> DOMAINS = Map.of(
            "aws", "amazonaws.com",
            "aws-us-gov", "amazonaws.com",
            "aws-cn", "amazonaws.com.cn",
            "aws-eusc", "amazonaws.eu");

    private static final Pattern CERTIFICATE = Pattern.compile("/[A-Za-z0-9_-]{1,128}\\.pem");

    /** Returns the host of a topic's region; nothing if {@code topic} is not the ARN of a topic. */
    static Optional<SnsHost> of(String topic) {
        Matcher arn = TOPIC.matcher(topic);
        return arn.matches() && DOMAINS.containsKey(arn.group(1))
                ? Optional.of(new SnsHost("https", "sns." + arn.group(2) + "." + DOMAINS.get(arn.group(1))))
                : Optional.empty();
    }

    /** Returns the host of a simulator. */
    static SnsHost simulator(URI url) {
        return new SnsHost(url.getScheme(), url.getRawAuthority());
    }

    /** Returns a certificate's URL; nothing if there is none of SNS. */
    Optional<URI> certificate(String url) {
        return here(url)
                .filter(its -> its.getRawQuery() == null
                        && CERTIFICATE.matcher(its.getRawPath()).matches());
    }

    /** Returns the URL that confirms a subscription; nothing if it does anything else. */
    Optional<URI> confirmation(String url) {
        return here(url)
                .filter(its -> its.getRawPath().equals("/")
                        && ("&" + its.getRawQuery() + "&").contains("&Action=ConfirmSubscription&"));
    }

    private Optional<URI> here(String text) {
        try {
            URI url = URI.create(text);
            boolean ours = scheme.equals(url.getScheme())
                    && authority.equals(url.getRawAuthority())
                    && url.getRawFragment() == null
                    && url.normalize().equals(url);
            return ours ? Optional.of(url) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
