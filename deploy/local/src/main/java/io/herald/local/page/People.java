package io.herald.local.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.local.story.Cast;
import io.herald.local.story.Cast.Gadget;
import io.herald.local.story.Cast.Member;
import io.herald.schema.Platform;
import io.herald.schema.TemplateChanged;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The cast as the page needs it. */
final class People {
    private static final ObjectMapper JSON = new ObjectMapper();

    private People() {}

    static Optional<Member> find(String user) {
        return Cast.members().stream()
                .filter(member -> member.user().equals(user))
                .findFirst();
    }

    /** Returns the kinds of event that there are texts for. */
    static List<String> categories() {
        return Cast.templates().stream()
                .map(TemplateChanged::getCategory)
                .distinct()
                .toList();
    }

    /** Returns who may do something, by user id: the cast, those whom they blocked, and the shop. */
    static Map<String, String> actors() {
        Map<String, String> names = new LinkedHashMap<>();
        Cast.members().forEach(member -> names.put(member.user(), member.name()));
        Cast.members().stream()
                .map(Member::blocked)
                .filter(blocked -> blocked != null)
                .forEach(blocked -> names.putIfAbsent(
                        blocked, blocked.substring(0, 1).toUpperCase(Locale.ROOT) + blocked.substring(1)));
        names.put("shop", "Acme");
        return names;
    }

    /** Returns all that the page has to know before anything happens. */
    static ObjectNode describe(URI gateway, LedgerBook book) {
        ObjectNode cast = JSON.createObjectNode();
        cast.put("tenant", Cast.TENANT).put("gateway", gateway.toString()).put("longestText", EventForm.LONGEST_TEXT);
        categories().forEach(cast.putArray("categories")::add);
        ArrayNode actors = cast.putArray("actors");
        actors().forEach((user, name) -> actors.addObject().put("user", user).put("name", name));
        ArrayNode users = cast.putArray("users");
        Cast.members().forEach(member -> users.add(describe(member, book)));
        return cast;
    }

    private static ObjectNode describe(Member member, LedgerBook book) {
        ObjectNode user = JSON.createObjectNode()
                .put("user", member.user())
                .put("name", member.name())
                .put("email", member.email())
                .put("phone", member.phone())
                .put(
                        "optOut",
                        member.noChannel() == null ? null : member.noChannel().name())
                .put("blocked", member.blocked())
                .put("zone", member.zone())
                .put("quiet", book.isQuiet(member.user(), member.quiet()));
        ArrayNode devices = user.putArray("devices");
        for (Gadget gadget : member.gadgets()) {
            devices.addObject()
                    .put("device", gadget.device())
                    .put("provider", provider(gadget.platform()))
                    .put("token", gadget.token())
                    .put("alive", gadget.alive());
        }
        return user;
    }

    private static String provider(Platform platform) {
        return platform.name().toLowerCase(Locale.ROOT);
    }
}
