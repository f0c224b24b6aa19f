package io.herald.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.herald.wire.Heard;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/** Reads profiles for callers. */
final class Profiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UserProfile NOTHING = new UserProfile(0, "{}", "[]", "[]", "[]", "");

    private final InboxReader reader;
    private final Reads reads;

    Profiles(InboxReader reader, Reads reads) {
        this.reader = reader;
        this.reads = reads;
    }

    /** Reads the caller's profile, and waits for what the query says; of somebody who said nothing it is empty. */
    Future<Reads.Found<UserProfile>> read(Call call) {
        Parameters query = call.query();
        Heard after = query.after();
        query.end();
        return reads.read(
                        after,
                        (Optional<UserProfile> found) ->
                                found.map(UserProfile::heard).orElse(""),
                        () -> reader.profile(call.user()))
                .map(found -> found.map(profile -> profile.orElse(NOTHING)));
    }

    /** Returns a part of a profile, which the router wrote as JSON. */
    static <T extends JsonNode> T part(UserProfile profile, Function<UserProfile, String> part, Class<T> type) {
        try {
            return type.cast(JSON.readTree(part.apply(profile)));
        } catch (JsonProcessingException | ClassCastException broken) {
            throw new IllegalStateException("a profile in the tables is not JSON", broken);
        }
    }
}
