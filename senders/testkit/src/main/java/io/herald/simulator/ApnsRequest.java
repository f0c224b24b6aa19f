package io.herald.simulator;

import java.util.Map;

/**
 * One request to APNs.
 *
 * @param headers in lower case, pseudo-headers among them
 */
record ApnsRequest(Map<String, String> headers, String payload, int payloadBytes) {
    private static final String PATH = "/3/device/";

    String method() {
        return header(":method");
    }

    /** Returns the device token, or null if the path is another. */
    String token() {
        String path = headers.getOrDefault(":path", "");
        return path.startsWith(PATH) ? path.substring(PATH.length()) : null;
    }

    String header(String name) {
        return headers.get(name);
    }
}
