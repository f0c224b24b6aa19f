package io.herald.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What APNs refuses, and why.
 *
 * @see <a
 *     href="https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns">Apple:
 *     Handling notification responses from APNs</a>
 */
final class ApnsRules {
    /** The type of push that shows nothing. */
    static final String BACKGROUND = "background";

    private static final String AT_ONCE = "10";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VOIP = "voip";
    private static final int MOST_PAYLOAD = 4_096;
    private static final int MOST_VOIP_PAYLOAD = 5_120;
    /** The types that a topic of their own goes with. */
    private static final Map<String, String> TOPICS = Map.of(
            VOIP,
            ".voip",
            "pushtotalk",
            ".voip-ptt",
            "liveactivity",
            ".push-type.liveactivity",
            "complication",
            ".complication",
            "fileprovider",
            ".pushkit.fileprovider",
            "location",
            ".location-query");

    private static final int MOST_COLLAPSE_ID = 64;
    private static final Pattern TOKEN = Pattern.compile("(?:[0-9A-Fa-f]{2}){32,100}");
    private static final Pattern UUID = Pattern.compile("[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}");
    private static final Set<String> PRIORITIES = Set.of("1", "5", AT_ONCE);
    private static final Set<String> PUSH_TYPES = Set.of(
            "alert",
            BACKGROUND,
            "controls",
            "location",
            VOIP,
            "complication",
            "fileprovider",
            "mdm",
            "liveactivity",
            "pushtotalk",
            "widgets");

    private final ProviderTokens providerTokens;
    private final DeviceTokens tokens;

    ApnsRules(ProviderTokens providerTokens, DeviceTokens tokens) {
        this.providerTokens = providerTokens;
        this.tokens = tokens;
    }

    /**
     * Why a request is refused.
     *
     * @param reason in Apple's words; empty for an answer that is not in Apple's format
     * @param detail milliseconds since when the token is gone, or the whole body where {@code reason} is empty; else
     *     empty
     */
    record Refusal(int status, String reason, String detail) {
        Refusal(int status, String reason) {
            this(status, reason, "");
        }
    }

    /** Returns why APNs would refuse {@code request}, or null if it would take it. */
    Refusal refusal(ApnsRequest request) {
        if (!"POST".equals(request.method())) {
            return new Refusal(405, "MethodNotAllowed");
        }
        if (request.token() == null) {
            return new Refusal(404, "BadPath");
        }
        String credentials = providerTokens.refusal(request.header("authorization"));
        if (credentials != null) {
            return new Refusal(403, credentials);
        }
        String header = badHeader(request);
        if (header != null) {
            return new Refusal(400, header);
        }
        if (request.payloadBytes()
                > (VOIP.equals(request.header("apns-push-type")) ? MOST_VOIP_PAYLOAD : MOST_PAYLOAD)) {
            return new Refusal(413, "PayloadTooLarge");
        }
        if (!hasContent(request.payload())) {
            return new Refusal(400, "PayloadEmpty");
        }
        return badToken(request.token(), request.header("apns-topic"));
    }

    private Refusal badToken(String token, String topic) {
        if (token.isEmpty()) {
            return new Refusal(400, "MissingDeviceToken");
        }
        if (!TOKEN.matcher(token).matches()) {
            return new Refusal(400, "BadDeviceToken");
        }
        if (!tokens.knows(token)) {
            return new Refusal(
                    410, "Unregistered", Long.toString(tokens.goneSince(token).toEpochMilli()));
        }
        return tokens.isFor(token, topic) ? null : new Refusal(400, "DeviceTokenNotForTopic");
    }

    private static String badHeader(ApnsRequest request) {
        String id = request.header("apns-id");
        String collapseId = request.header("apns-collapse-id");
        String expiration = request.header("apns-expiration");
        String priority = request.header("apns-priority");
        if (request.header("apns-topic") == null) {
            return "MissingTopic";
        }
        if (id != null && !UUID.matcher(id).matches()) {
            return "BadMessageId";
        }
        if (collapseId != null && collapseId.getBytes(UTF_8).length > MOST_COLLAPSE_ID) {
            return "BadCollapseId";
        }
        if (expiration != null && !expiration.matches("\\d{1,18}")) {
            return "BadExpirationDate";
        }
        String type = String.valueOf(request.header("apns-push-type"));
        if (priority != null && !PRIORITIES.contains(priority)) {
            return "BadPriority";
        }
        if (!PUSH_TYPES.contains(type)) {
            return "InvalidPushType";
        }
        if (!request.header("apns-topic").endsWith(TOPICS.getOrDefault(type, ""))) {
            return "BadTopic";
        }
        // Apple's default is 10, and calls that an error for what shows nothing.
        boolean atOnce = priority == null || priority.equals(AT_ONCE);
        return type.equals(BACKGROUND) && atOnce ? "BadPriority" : null;
    }

    private static boolean hasContent(String payload) {
        JsonNode aps = json(payload).path("aps");
        return aps.isObject() && !aps.isEmpty();
    }

    /** Reads a payload; a missing node if it is no JSON. */
    static JsonNode json(String payload) {
        try {
            return JSON.readTree(payload);
        } catch (JsonProcessingException malformed) {
            return MissingNode.getInstance();
        }
    }
}
