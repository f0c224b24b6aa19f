package io.herald.local.story;

import io.herald.local.story.Scene.Expected;
import io.herald.schema.NotificationRequested;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The demonstration's story. Event ids begin with the run's name, so it can be told again on the same stack. */
final class Story {
    private static final String SOURCE = "demo";

    private final String run;

    Story(String run) {
        this.run = run;
    }

    List<Scene> scenes() {
        return List.of(
                new Scene(
                        "bo likes ana's photo; ana has three devices",
                        event("like", "like", "bo", "ana", "Sunset over Lisbon"),
                        1,
                        List.of(accepted("INBOX", 1), accepted("PUSH", 3))),
                new Scene(
                        "zoe comments, with a name of all kinds",
                        event("comment", "comment", "zoe", "ana", "Love the colours, it's <b>great</b>!"),
                        1,
                        List.of(accepted("INBOX", 1), accepted("PUSH", 3), accepted("EMAIL", 1))),
                new Scene(
                        "ana writes to zoe, who is called so in the e-mail",
                        event("answer", "comment", "ana", "zoe", "Thank you ❤️ ‏תודה"),
                        1,
                        List.of(accepted("INBOX", 1), accepted("PUSH", 1), accepted("EMAIL", 1))),
                new Scene(
                        "ana sends bo a message",
                        event("message", "message", "ana", "bo", "Coffee at four?"),
                        1,
                        List.of(accepted("INBOX", 1), accepted("PUSH", 1))),
                new Scene(
                        "an order of bo's ships; bo wants no e-mail",
                        event("order", "order.shipped", null, "bo", "Order 1234 leaves the warehouse today."),
                        1,
                        List.of(
                                accepted("INBOX", 1),
                                accepted("PUSH", 1),
                                new Expected("EMAIL", "SKIPPED CHANNEL_OPTED_OUT", 1))),
                new Scene(
                        "a message that its producer writes twice",
                        event("twice", "message", "bo", "dan", "Only once, please"),
                        2,
                        List.of(accepted("INBOX", 1), accepted("PUSH", 1), new Expected("-", "SKIPPED DUPLICATE", 1))),
                new Scene(
                        "a troll comments; dan has blocked him",
                        event("troll", "comment", "troll", "dan", "…"),
                        1,
                        List.of(
                                new Expected("INBOX", "SKIPPED BLOCKED_ACTOR", 1),
                                new Expected("PUSH", "SKIPPED BLOCKED_ACTOR", 1),
                                new Expected("EMAIL", "SKIPPED BLOCKED_ACTOR", 1))),
                new Scene(
                        "ana comments on her own photo",
                        event("own", "comment", "ana", "ana", "Note to self"),
                        1,
                        List.of(
                                new Expected("INBOX", "SKIPPED OWN_ACT", 1),
                                new Expected("PUSH", "SKIPPED OWN_ACT", 1),
                                new Expected("EMAIL", "SKIPPED OWN_ACT", 1))),
                new Scene(
                        "bo writes to eve, whose token is dead",
                        event("dead", "message", "bo", "eve", "Are you there?"),
                        1,
                        List.of(accepted("INBOX", 1), new Expected("PUSH", "DEAD ADDRESS_GONE", 1))));
    }

    /** Returns what is told after all of the others have ended. */
    Scene last() {
        return new Scene(
                "bo writes to eve again; the dead token is forgotten",
                event("again", "message", "bo", "eve", "Hello?"),
                1,
                List.of(accepted("INBOX", 1), new Expected("PUSH", "SKIPPED NO_ADDRESS", 1)));
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
                .setData(Map.of("text", text, "actorName", actorName))
                .setLink("https://acme.example/" + category)
                .setOccurredAt(Instant.now())
                .build();
    }
}
