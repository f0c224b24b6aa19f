package io.herald.local.story;

import io.herald.schema.ActorBlock;
import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.Attribute;
import io.herald.schema.AttributeFilter;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeviceChanged;
import io.herald.schema.DigestRule;
import io.herald.schema.Environment;
import io.herald.schema.Frequency;
import io.herald.schema.Lane;
import io.herald.schema.OptOut;
import io.herald.schema.Platform;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.QuietWindow;
import io.herald.schema.RuleChanged;
import io.herald.schema.Step;
import io.herald.schema.TemplateChanged;
import io.herald.schema.Unless;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The users of the demonstration, the texts that they get, and the rules by which they get them. */
public final class Cast {
    /** The tenant that they all belong to. */
    public static final String TENANT = "acme";

    /** What the cast's phones belong to, as APNs and FCM call it. */
    public static final String APP = "org.example.acme";

    /** A name with all that breaks naive systems: an apostrophe, an emoji, and letters from right to left. */
    public static final String UNUSUAL_NAME = "Zoë O'Hara 🎈 שלום";

    /** Who writes SMS back. */
    public static final String SMS_NUMBER = "+15551230001";

    // SES's simulator knows it by what is before the @.
    private static final String BOUNCING = "bounce@example.org";

    /** Who is no person, but a channel of a chat. */
    public static final String CHANNEL = "releases";

    /** How long reactions are collected. */
    static final Duration COLLECTED_FOR = Duration.ofSeconds(5);

    /** How long a task waits for its reader before it is pushed; time enough to read it on a machine that is busy. */
    static final Duration PUSHED_AFTER = Duration.ofSeconds(10);

    /** Who belongs to the cast, as a broadcast can ask for it. */
    static final AttributeFilter TROUPE = new AttributeFilter("troupe", List.of("story"));

    // Equal ends are a whole day; every day of it is always.
    private static final QuietWindow ALWAYS = new QuietWindow(List.of(), 0, 0, List.of());

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
     * @param zone a time zone, or null
     * @param quiet whether all hours are quiet hours, until the member ends them
     * @param phone a number for SMS, or null
     */
    public record Member(
            String user,
            String name,
            String email,
            List<Gadget> gadgets,
            Channel noChannel,
            String blocked,
            String zone,
            boolean quiet,
            String phone) {
        Member(String user, String name, String email, List<Gadget> gadgets) {
            this(user, name, email, gadgets, null, null, null, false, null);
        }
    }

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
                                fcm("ana-pixel", "ana-pixel-1", true))),
                new Member(
                        "bo",
                        "Bo Andersen",
                        "bo@example.org",
                        List.of(fcm("bo-galaxy", "bo-galaxy-1", true)),
                        Channel.EMAIL,
                        null,
                        null,
                        false,
                        null),
                new Member("zoe", UNUSUAL_NAME, "zoe@example.org", List.of(apns("zoe-iphone", "c1", true))),
                new Member(
                        "dan",
                        "Dan Okafor",
                        "dan@example.org",
                        List.of(fcm("dan-pixel", "dan-pixel-1", true)),
                        null,
                        "troll",
                        null,
                        false,
                        null),
                new Member("eve", "Eve Novák", null, List.of(apns("eve-iphone", "dead", false))),
                new Member(
                        "nia",
                        "Nia Shrestha",
                        "nia@example.org",
                        List.of(fcm("nia-galaxy", "nia-galaxy-1", true)),
                        null,
                        null,
                        "Asia/Kathmandu",
                        true,
                        null),
                new Member("ivy", "Ivy Chen", null, List.of(browser("ivy-browser"))),
                new Member("sam", "Sam Rossi", null, List.of(), null, null, null, false, SMS_NUMBER),
                new Member("kim", "Kim Haddad", BOUNCING, List.of()),
                new Member(CHANNEL, "Acme’s #releases", null, List.of()));
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
                        "<p>Hello {{recipient}},</p><p>{{text}}</p>"),
                template("reaction", Channel.INBOX, "{{actorName}} reacted to your photo", "{{text}}", null),
                template(
                        "reaction",
                        Channel.PUSH,
                        "{{#digest}}{{count}} reactions to your photo{{/digest}}"
                                + "{{^digest}}{{actorName}} reacted to your photo{{/digest}}",
                        "{{#digest}}{{#items}}{{actorName}} {{text}}  {{/items}}{{/digest}}"
                                + "{{^digest}}{{text}}{{/digest}}",
                        null),
                template("task", Channel.INBOX, "{{actorName}} has a task for you", "{{text}}", null),
                template("task", Channel.PUSH, "Still open: a task from {{actorName}}", "{{text}}", null),
                template("code", Channel.SMS, "Your code", "{{text}}", null),
                template("release", Channel.WEBHOOK, "{{actorName}} has released", "{{text}}", null),
                template("news", Channel.INBOX, "News from Acme", "{{text}}", null),
                template("news", Channel.PUSH, "News from Acme", "{{text}}", null));
    }

    /** Returns the rules of those categories that are treated in a way of their own. */
    public static List<RuleChanged> rules() {
        return List.of(
                rule("reaction", rule -> rule.setChannels(List.of(Channel.INBOX, Channel.PUSH))
                        .setDigest(DigestRule.newBuilder()
                                .setChannels(List.of(Channel.PUSH))
                                .setFrequency(Frequency.WINDOW)
                                .setWindowMs(COLLECTED_FOR.toMillis())
                                .setBy(List.of("photo"))
                                .build())),
                rule("task", rule -> rule.setChannels(List.of(Channel.INBOX))
                        .setSteps(List.of(new Step(Channel.PUSH, PUSHED_AFTER.toMillis(), Unless.READ)))),
                rule("code", rule -> rule.setChannels(List.of(Channel.SMS))),
                rule("release", rule -> rule.setChannels(List.of(Channel.WEBHOOK))),
                rule("news", rule -> rule.setChannels(List.of(Channel.INBOX, Channel.PUSH))
                        .setLane(Lane.BULK)));
    }

    /** Returns what {@code member}'s app tells of their devices; what browsers subscribe to, they tell themselves. */
    public static List<DeviceChanged> devices(Member member) {
        return member.gadgets().stream()
                .filter(gadget -> gadget.platform() != Platform.WEBPUSH)
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

    /**
     * Returns what {@code member}'s account tells of their addresses; an address may be absent. The one that bounces is
     * taken out and given anew, or it would stay suppressed since the last time.
     */
    public static List<ContactChanged> contacts(Member member) {
        ContactChanged none = new ContactChanged(TENANT, member.user(), ContactKind.EMAIL, null);
        ContactChanged email = new ContactChanged(TENANT, member.user(), ContactKind.EMAIL, member.email());
        ContactChanged phone = new ContactChanged(TENANT, member.user(), ContactKind.SMS, member.phone());
        return BOUNCING.equals(member.email()) ? List.of(none, email, phone) : List.of(email, phone);
    }

    /** Returns that {@code member} asks for SMS again, for the case that STOP was said; nothing without a phone. */
    static List<AddressReported> startsSms(Member member) {
        return Stream.ofNullable(member.phone())
                .map(phone -> AddressReported.newBuilder()
                        .setTenant(TENANT)
                        .setUser(member.user())
                        .setKind(ContactKind.SMS)
                        .setAddress(phone)
                        .setEvent(AddressEvent.START)
                        .build())
                .toList();
    }

    /** Returns {@code member}'s settings. */
    public static PreferenceChanged settings(Member member) {
        return PreferenceChanged.newBuilder()
                .setTenant(TENANT)
                .setUser(member.user())
                .setDisplayName(member.name())
                .setLocale("en")
                .setZone(member.zone())
                .setQuietHours(quietHours(member.quiet()))
                .setAttributes(List.of(
                        new Attribute(TROUPE.getName(), TROUPE.getValues().get(0))))
                .setOptOuts(
                        member.noChannel() == null
                                ? List.of()
                                : List.of(new OptOut(null, member.noChannel(), true, null, null)))
                .setBlockedActors(
                        member.blocked() == null ? List.of() : List.of(new ActorBlock(member.blocked(), true)))
                .build();
    }

    /** Returns the change of a user's settings by which all hours become quiet, or none are any more. */
    public static PreferenceChanged quiet(String user, boolean quiet) {
        return PreferenceChanged.newBuilder()
                .setTenant(TENANT)
                .setUser(user)
                .setQuietHours(quietHours(quiet))
                .build();
    }

    private static List<QuietWindow> quietHours(boolean quiet) {
        return quiet ? List.of(ALWAYS) : List.of();
    }

    private static RuleChanged rule(String category, Consumer<RuleChanged.Builder> terms) {
        RuleChanged.Builder rule = RuleChanged.newBuilder().setTenant(TENANT).setCategory(category);
        terms.accept(rule);
        return rule.build();
    }

    private static TemplateChanged template(String category, Channel channel, String title, String body, String html) {
        return new TemplateChanged(TENANT, category, channel, "en", title, body, html);
    }

    // APNs tokens are 32 bytes in hexadecimal; a malformed one would be another error than a dead one.
    private static Gadget apns(String device, String mark, boolean alive) {
        String token = Integer.toHexString(mark.hashCode()).repeat(64).substring(0, 64);
        return new Gadget(device, Platform.APNS, token, alive);
    }

    // The simulator makes the real token; the page knows the browser by this one.
    private static Gadget browser(String device) {
        return new Gadget(device, Platform.WEBPUSH, device, true);
    }

    private static Gadget fcm(String device, String token, boolean alive) {
        return new Gadget(device, Platform.FCM, token, alive);
    }
}
