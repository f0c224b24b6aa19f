package io.herald.topology.testing;

import java.util.Base64;

/** Web Push subscriptions, as browsers give them. */
public final class WebPush {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private WebPush() {}

    /** Returns one as Herald keeps it. */
    public static String subscription(String endpoint) {
        byte[] point = new byte[65];
        point[0] = 4;
        return subscription(endpoint, BASE64.encodeToString(point), BASE64.encodeToString(new byte[16]));
    }

    /** Returns one with these keys, whatever they are. */
    public static String subscription(String endpoint, String p256dh, String auth) {
        return "{\"endpoint\":\"%s\",\"keys\":{\"p256dh\":\"%s\",\"auth\":\"%s\"}}".formatted(endpoint, p256dh, auth);
    }
}
