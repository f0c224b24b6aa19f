package io.herald.local.story;

import io.herald.local.story.Scene.Expected;
import io.herald.local.story.Scene.Said;
import io.herald.local.story.Scene.Turn;
import io.herald.schema.BroadcastRequested;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Receipt;
import io.herald.topic.Topics;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The demonstration's story. Event ids begin with the run's name, so it can be told again on the same stack. */
final class Story {
    private static final String SOURCE = "demo";
    private static final String CODE = "code";
    private static final String BOUNCE = "bounce";
    private static final int OUTAGE = 5;

    private final String run;

    Story(String run) {
        this.run = run;
    }

    /** Returns what is told first, all at once. */
    List<Scene> scenes() {
        return Stream.of(deliveries(), otherWays(), refusals(), waits(), reactions())
                .flatMap(List::stream)
                .toList();
    }

    private List<Scene> deliveries() {
        return List.of(
                scene(
                        "bo likes ana's photo; ana has three devices",
                        event("like", "like", "bo", "ana", "Sunset over Lisbon"),
                        accepted("INBOX", 1),
                        accepted("PUSH", 3)),
                scene(
                        "zoe comments, with a name of all kinds",
                        event("comment", "comment", "zoe", "ana", "Love the colours, it's <b>great</b>!"),
                        accepted("INBOX", 1),
                        accepted("PUSH", 3),
                        accepted("EMAIL", 1)),
                scene(
                        "ana writes to zoe, who is called so in the e-mail",
                        event("answer", "comment", "ana", "zoe", "Thank you ❤️ ‏תודה"),
                        accepted("INBOX", 1),
                        accepted("PUSH", 1),
                        accepted("EMAIL", 1)),
                scene(
                        "ana sends bo a message",
                        event("message", "message", "ana", "bo", "Coffee at four?"),
                        accepted("INBOX", 1),
                        accepted("PUSH", 1)),
                scene(
                        "an order of bo's ships; bo wants no e-mail",
                        event("order", "order.shipped", null, "bo", "Order 1234 leaves the warehouse today."),
                        accepted("INBOX", 1),
                        accepted("PUSH", 1),
                        new Expected("EMAIL", "SKIPPED CHANNEL_OPTED_OUT", 1)));
    }

    private List<Scene> otherWays() {
        return List.of(
                scene(
                        "bo writes to ivy, who is there by her browser",
                        event("browser", "message", "bo", "ivy", "Look at this 🎈"),
                        accepted("INBOX", 1),
                        accepted("PUSH", 1)),
                scene(
                        "sam wants to log in",
                        event(CODE, "code", null, "sam", "482913 is your code"),
                        accepted("SMS", 1)),
                scene(
                        "ana releases, and Slack hears of it",
                        event("release", "release", "ana", Cast.CHANNEL, "Version 4.2 <is out> & about"),
                        accepted("WEBHOOK", 1)),
                scene(
                        "an order of kim's ships; the mail bounces",
                        event(BOUNCE, "order.shipped", null, "kim", "Order 77 leaves the warehouse today."),
                        accepted("INBOX", 1),
                        new Expected("PUSH", "SKIPPED NO_ADDRESS", 1),
                        accepted("EMAIL", 1)));
    }

    /** Returns what providers say later, by event. */
    Map<String, Receipt> receipts() {
        return Map.of(run + "-" + CODE, Receipt.DELIVERED, run + "-" + BOUNCE, Receipt.BOUNCED);
    }

    private List<Scene> refusals() {
        NotificationRequested twice = event("twice", "message", "bo", "dan", "Only once, please");
        return List.of(
                scene(
                        "a message that its producer writes twice",
                        twice,
                        2,
                        null,
                        accepted("INBOX", 1),
                        accepted("PUSH", 1),
                        new Expected("-", "SKIPPED DUPLICATE", 1)),
                scene(
                        "a troll comments; dan has blocked him",
                        event("troll", "comment", "troll", "dan", "…"),
                        new Expected("INBOX", "SKIPPED BLOCKED_ACTOR", 1),
                        new Expected("PUSH", "SKIPPED BLOCKED_ACTOR", 1),
                        new Expected("EMAIL", "SKIPPED BLOCKED_ACTOR", 1)),
                scene(
                        "ana comments on her own photo",
                        event("own", "comment", "ana", "ana", "Note to self"),
                        new Expected("INBOX", "SKIPPED OWN_ACT", 1),
                        new Expected("PUSH", "SKIPPED OWN_ACT", 1),
                        new Expected("EMAIL", "SKIPPED OWN_ACT", 1)),
                scene(
                        "bo writes to eve, whose token is dead",
                        event("dead", "message", "bo", "eve", "Are you there?"),
                        accepted("INBOX", 1),
                        new Expected("PUSH", "DEAD ADDRESS_GONE", 1)));
    }

    private List<Scene> waits() {
        return List.of(
                scene(
                        "bo writes in nia's quiet hours; then she ends them",
                        event("quiet", "message", "bo", "nia", "No hurry"),
                        1,
                        new Turn(
                                List.of(accepted("INBOX", 1), new Expected("PUSH", "WAITING QUIET_HOURS", 1)),
                                seq -> new Said(Topics.PREFERENCE_CHANGED, "nia", Cast.quiet("nia", false))),
                        accepted("INBOX", 1),
                        accepted("PUSH", 1)),
                scene(
                        "ana has a task for dan, who reads it before the push",
                        event("task", "task", "ana", "dan", "Choose the pictures for Monday"),
                        1,
                        new Turn(
                                List.of(accepted("INBOX", 1), new Expected("PUSH", "WAITING STEP", 1)),
                                seq -> new Said(Topics.INBOX_ACTED, "dan", reads("dan", seq))),
                        accepted("INBOX", 1),
                        new Expected("PUSH", "CANCELLED READ_ELSEWHERE", 1)));
    }

    /** Returns what is collected into one digest. */
    List<Scene> reactions() {
        return Map.of("ana", "😍", "bo", "👏", "dan", "🔥").entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(reaction -> scene(
                        reaction.getKey() + " reacts to zoe's photo",
                        event("by-" + reaction.getKey(), "reaction", reaction.getKey(), "zoe", reaction.getValue()),
                        accepted("INBOX", 1),
                        new Expected("PUSH", "SKIPPED DIGESTED", 1)))
                .toList();
    }

    /** Returns what becomes of the reactions. */
    Scene digest(String digestId) {
        String title = reactions().size() + " reactions to your photo";
        return new Scene(
                "the reactions to zoe's photo, in one push",
                digestId,
                title,
                null,
                null,
                0,
                null,
                List.of(accepted("PUSH", 1)));
    }

    /** Returns what is told after the scenes have ended, providers have said more, and sam has replied STOP. */
    List<Scene> after() {
        return List.of(
                scene(
                        "bo writes to eve again; the dead token is forgotten",
                        event("again", "message", "bo", "eve", "Hello?"),
                        accepted("INBOX", 1),
                        new Expected("PUSH", "SKIPPED NO_ADDRESS", 1)),
                scene(
                        "another order of kim's; no mail to what bounced",
                        event("bounced", "order.shipped", null, "kim", "Order 78 leaves the warehouse today."),
                        accepted("INBOX", 1),
                        new Expected("PUSH", "SKIPPED NO_ADDRESS", 1),
                        new Expected("EMAIL", "SKIPPED SUPPRESSED", 1)),
                scene(
                        "sam has replied STOP, and wants to log in",
                        event("stopped", "code", null, "sam", "173920 is your code"),
                        new Expected("SMS", "SKIPPED SUPPRESSED", 1)));
    }

    /** Returns what is told while bo's push service is down. */
    List<Scene> outage() {
        return IntStream.rangeClosed(1, OUTAGE)
                .mapToObj(number -> scene(
                        "FCM is down, and ana writes to bo: " + number,
                        event("outage-" + number, "message", "ana", "bo", "Are you there? " + number),
                        accepted("INBOX", 1),
                        accepted("PUSH", 1)))
                .toList();
    }

    /** Returns the end: one record for everyone of the cast; some have no phone, and eve has hers no more. */
    Scene broadcast() {
        String id = run + "-news";
        String text = "Doors open on Saturday at ten.";
        BroadcastRequested broadcast = BroadcastRequested.newBuilder()
                .setTenant(Cast.TENANT)
                .setSource(SOURCE)
                .setId(id)
                .setCategory("news")
                .setFilters(List.of(Cast.TROUPE))
                .setData(Map.of("text", text))
                .setLink(link("news", id))
                .build();
        List<Long> phones = Cast.members().stream()
                .map(member ->
                        member.gadgets().stream().filter(Cast.Gadget::alive).count())
                .toList();
        int without = Collections.frequency(phones, 0L);
        return new Scene(
                "one broadcast to all of them",
                id,
                text,
                broadcast.getLink(),
                new Said(Topics.BROADCAST_REQUESTED, id, broadcast),
                1,
                null,
                List.of(
                        accepted("INBOX", Cast.members().size()),
                        accepted(
                                "PUSH", phones.stream().mapToInt(Long::intValue).sum()),
                        new Expected("PUSH", "SKIPPED NO_ADDRESS", without)));
    }

    private static InboxActed reads(String user, long seq) {
        return InboxActed.newBuilder()
                .setTenant(Cast.TENANT)
                .setUser(user)
                .setAct(InboxAct.READ)
                .setSeqs(List.of(seq))
                .setDevice("demo")
                .setAt(Instant.now())
                .build();
    }

    private static Scene scene(String title, NotificationRequested event, Expected... expected) {
        return scene(title, event, 1, null, expected);
    }

    private static Scene scene(String title, NotificationRequested event, int copies, Turn turn, Expected... expected) {
        return new Scene(
                title,
                event.getId(),
                event.getData().get("text"),
                event.getLink(),
                new Said(Topics.NOTIFICATION_REQUESTED, event.getId(), event),
                copies,
                turn,
                List.of(expected));
    }

    private static Expected accepted(String channel, int times) {
        return new Expected(channel, "ACCEPTED", times);
    }

    private NotificationRequested event(String id, String category, String actor, String recipient, String text) {
        String actorName = Cast.members().stream()
                .filter(member -> member.user().equals(actor))
                .map(Cast.Member::name)
                .findFirst()
                .orElse(String.valueOf(actor));
        return NotificationRequested.newBuilder()
                .setTenant(Cast.TENANT)
                .setSource(SOURCE)
                .setId(run + "-" + id)
                .setRecipients(List.of(recipient))
                .setCategory(category)
                .setActor(actor)
                .setData(Map.of("text", text, "actorName", actorName, "photo", run))
                .setLink(link(category, run + "-" + id))
                .setOccurredAt(Instant.now())
                .build();
    }

    // One of its own for each event, so that pushes can be told apart.
    private static String link(String category, String id) {
        return "https://acme.example/" + category + "/" + id;
    }
}
