package io.herald.local.story;

import io.herald.schema.ActorBlock;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeviceChanged;
import io.herald.schema.Environment;
import io.herald.schema.OptOut;
import io.herald.schema.Platform;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.TemplateChanged;
import java.util.List;

/** The users of the demonstration, and the texts that they get. */
public final class Cast {
    /** The tenant that they all belong to. */
    public static final String TENANT = "acme";

    /** What the cast's phones belong to, as APNs and FCM call it. */
    public static final String APP = "org.example.acme";

    /** A name with all that breaks naive systems: an apostrophe, an emoji, and letters from right to left. */
    public static final String UNUSUAL_NAME = "Zoë O'Hara 🎈 שלום";

    private Cast() {}

    /**
     * A phone, tablet or the like.
     *
     * @param alive whether the push service knows its token; a dead one is refused as the provider would
     */
    public record Gadget(String device, Platform platform, String token, boolean alive) {}

    /**
     * A user.
     *
     * @param email null for one without
     * @param noChannel a channel opted out of, or null
     * @param blocked an actor who is blocked, or null
     */
    public record Member(
            String user, String name, String email, List<Gadget> gadgets, Channel noChannel, String blocked) {}

    /** Returns the cast. */
    public static List<Member> members() {
        return List.of(
                new Member(
                        "ana",
                        "Ana Lima",
                        "ana@example.org",
                        List.of(
                                apns("ana-iphone", "a1", true),
                                apns("ana-ipad", "a2", true),
                                fcm("ana-pixel", "ana-pixel-1", true)),
                        null,
                        null),
                new Member(
                        "bo",
                        "Bo Andersen",
                        "bo@example.org",
                        List.of(fcm("bo-galaxy", "bo-galaxy-1", true)),
                        Channel.EMAIL,
                        null),
                new Member("zoe", UNUSUAL_NAME, "zoe@example.org", List.of(apns("zoe-iphone", "c1", true)), null, null),
                new Member(
                        "dan",
                        "Dan Okafor",
                        "dan@example.org",
                        List.of(fcm("dan-pixel", "dan-pixel-1", true)),
                        null,
                        "troll"),
                new Member("eve", "Eve Novák", null, List.of(apns("eve-iphone", "dead", false)), null, null));
    }

    /** Returns the texts of all categories. */
    public static List<TemplateChanged> templates() {
        String html =
                "<p>Hello {{recipient}},</p><p><strong>{{actorName}}</strong> wrote:</p><blockquote>{{text}}</blockquote>";
        return List.of(
                template("like", Channel.INBOX, "{{actorName}} likes your photo", "{{text}}", null),
                template("like", Channel.PUSH, "{{actorName}} likes your photo", "{{text}}", null),
                template("comment", Channel.INBOX, "{{actorName}} commented", "{{text}}", null),
                template("comment", Channel.PUSH, "{{actorName}} commented", "{{text}}", null),
                template(
                        "comment",
                        Channel.EMAIL,
                        "{{actorName}} commented on your photo",
                        "Hello {{recipient}},\n\n{{actorName}} wrote:\n\n{{text}}\n",
                        html),
                template("message", Channel.INBOX, "Message from {{actorName}}", "{{text}}", null),
                template("message", Channel.PUSH, "{{actorName}}", "{{text}}", null),
                template("order.shipped", Channel.INBOX, "Your order is on its way", "{{text}}", null),
                template("order.shipped", Channel.PUSH, "Your order is on its way", "{{text}}", null),
                template(
                        "order.shipped",
                        Channel.EMAIL,
                        "Your order is on its way",
                        "Hello {{recipient}},\n\n{{text}}\n",
                        "<p>Hello {{recipient}},</p><p>{{text}}</p>"));
    }

    /** Returns what {@code member}'s app tells of their devices. */
    public static List<DeviceChanged> devices(Member member) {
        return member.gadgets().stream()
                .map(gadget -> new DeviceChanged(
                        TENANT,
                        member.user(),
                        gadget.device(),
                        gadget.platform(),
                        gadget.token(),
                        APP,
                        Environment.PRODUCTION))
                .toList();
    }

    /** Returns what {@code member}'s account tells of their address; the address may be absent. */
    public static ContactChanged contact(Member member) {
        return new ContactChanged(TENANT, member.user(), ContactKind.EMAIL, member.email());
    }

    /** Returns {@code member}'s settings. */
    public static PreferenceChanged settings(Member member) {
        return PreferenceChanged.newBuilder()
                .setTenant(TENANT)
                .setUser(member.user())
                .setDisplayName(member.name())
                .setLocale("en")
                .setOptOuts(
                        member.noChannel() == null
                                ? List.of()
                                : List.of(new OptOut(null, member.noChannel(), true, null, null)))
                .setBlockedActors(
                        member.blocked() == null ? List.of() : List.of(new ActorBlock(member.blocked(), true)))
                .build();
    }

    private static TemplateChanged template(String category, Channel channel, String title, String body, String html) {
        return new TemplateChanged(TENANT, category, channel, "en", title, body, html);
    }

    // APNs tokens are 32 bytes in hexadecimal; a malformed one would be another error than a dead one.
    private static Gadget apns(String device, String mark, boolean alive) {
        String token = Integer.toHexString(mark.hashCode()).repeat(64).substring(0, 64);
        return new Gadget(device, Platform.APNS, token, alive);
    }

    private static Gadget fcm(String device, String token, boolean alive) {
        return new Gadget(device, Platform.FCM, token, alive);
    }
}
