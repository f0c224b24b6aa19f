package io.herald.sender.email;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Delivery;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What tags tell of a mail: SES gives them back with bounces, complaints and deliveries, which so find their way to
 * delivery, user and address without anything being looked up.
 *
 * <p>SES takes only A-Z, a-z, 0-9, '_' and '-' in a tag's value, {@value #LONGEST} at most. Other values go in base64
 * with {@value #ENCODED} before them; longer ones go on in a tag of the same name with {@code -2} behind it, and so on.
 */
record MailTags(
        String tenant, String user, String notificationId, String deliveryId, String category, String addressId) {
    static final int LONGEST = 256;

    private static final String ENCODED = "--";
    private static final Pattern PLAIN = Pattern.compile("(?!--)[A-Za-z0-9_-]+");
    private static final int MOST_PARTS = 8;

    static MailTags of(Delivery delivery) {
        return new MailTags(
                delivery.getTenant(),
                delivery.getUser(),
                delivery.getNotificationId(),
                delivery.getDeliveryId(),
                delivery.getCategory(),
                delivery.getAddressId());
    }

    /**
     * Reads tags as SES gives them back.
     *
     * @param tags returns a tag's value, or null where there is none
     * @return nothing if a tag is missing or cannot be read: the mail was not sent by a sender of Herald's
     */
    static Optional<MailTags> read(UnaryOperator<String> tags) {
        try {
            return Optional.of(new MailTags(
                    value("tenant", tags),
                    value("user", tags),
                    value("notificationId", tags),
                    value("deliveryId", tags),
                    value("category", tags),
                    value("addressId", tags)));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** Returns the tags by name. */
    Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        put(tags, "tenant", tenant);
        put(tags, "user", user);
        put(tags, "notificationId", notificationId);
        put(tags, "deliveryId", deliveryId);
        put(tags, "category", category);
        put(tags, "addressId", addressId);
        return tags;
    }

    private static void put(Map<String, String> tags, String name, String value) {
        String text = PLAIN.matcher(value).matches()
                ? value
                : ENCODED + Base64.getUrlEncoder().withoutPadding().encodeToString(value.getBytes(UTF_8));
        for (int part = 1, from = 0; from < text.length(); part++, from += LONGEST) {
            tags.put(name(name, part), text.substring(from, Math.min(from + LONGEST, text.length())));
        }
    }

    private static String value(String name, UnaryOperator<String> tags) {
        StringBuilder text = new StringBuilder();
        for (int part = 1; part <= MOST_PARTS; part++) {
            String more = tags.apply(name(name, part));
            if (more == null) {
                break;
            }
            text.append(more);
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no tag " + name);
        }
        return text.indexOf(ENCODED) == 0
                ? new String(Base64.getUrlDecoder().decode(text.substring(ENCODED.length())), UTF_8)
                : text.toString();
    }

    private static String name(String name, int part) {
        return part == 1 ? name : name + "-" + part;
    }
}
