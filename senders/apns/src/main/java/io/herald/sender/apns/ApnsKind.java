package io.herald.sender.apns;

import com.eatthepath.pushy.apns.PushType;

/**
 * Kinds of push: the end of the topic tells which a device token is for.
 *
 * @see <a
 *     href="https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns">Apple:
 *     Sending notification requests to APNs</a>
 */
enum ApnsKind {
    /** A ring, which wakes the app at once: a call that waits is none. */
    VOIP(".voip", PushType.VOIP, 5_120, true, false),
    /** Somebody speaks now. Apple keeps none for later. */
    PUSH_TO_TALK(".voip-ptt", PushType.PUSH_TO_TALK, 4_096, true, false),
    /** What a Live Activity shows: the newest by its own timestamp. */
    LIVE_ACTIVITY(".push-type.liveactivity", PushType.LIVE_ACTIVITY, 4_096, false, false),
    /** What a watch face shows. */
    COMPLICATION(".complication", PushType.COMPLICATION, 4_096, false, true),
    /** Files that changed. */
    FILE_PROVIDER(".pushkit.fileprovider", PushType.FILEPROVIDER, 4_096, false, true),
    /** Asks where the device is. */
    LOCATION(".location-query", PushType.LOCATION, 4_096, false, true),
    /** Everything else: a notification, or nothing to see where the delivery is silent. */
    ALERT("", PushType.ALERT, 4_096, false, true);

    private final String suffix;
    private final PushType type;
    private final int mostBytes;
    private final boolean atOnce;
    private final boolean collapses;

    ApnsKind(String suffix, PushType type, int mostBytes, boolean atOnce, boolean collapses) {
        this.suffix = suffix;
        this.type = type;
        this.mostBytes = mostBytes;
        this.atOnce = atOnce;
        this.collapses = collapses;
    }

    /** Returns the kind of {@code topic}; of an unknown ending, an alert. */
    static ApnsKind of(String topic) {
        for (ApnsKind kind : values()) {
            if (topic.endsWith(kind.suffix)) {
                return kind;
            }
        }
        return ALERT;
    }

    /** Returns the type for {@code apns-push-type}. */
    PushType type() {
        return type;
    }

    /** Returns how large a payload may be, in bytes. */
    int mostBytes() {
        return mostBytes;
    }

    /** Returns whether it is of no use later, whatever the lane. */
    boolean atOnce() {
        return atOnce;
    }

    /** Returns whether a later one replaces it by {@code apns-collapse-id}. */
    boolean collapses() {
        return collapses;
    }

    /** Returns whether it can be there without showing anything. */
    boolean canBeSilent() {
        return this == ALERT || this == LIVE_ACTIVITY;
    }
}
