package io.herald.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.herald.http.JsonFields;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxActed;
import io.herald.topic.Topics;
import io.herald.wire.Heard;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The inbox: to read it, and to say what was done to its items. */
final class InboxRoutes {
    private static final int USUAL_ITEMS = 20;
    private static final int MOST_ITEMS = 100;
    private static final Map<String, InboxAct> ACTS = Map.of(
            "read", InboxAct.READ,
            "unread", InboxAct.UNREAD,
            "seen", InboxAct.SEEN,
            "archive", InboxAct.ARCHIVED,
            "dismiss", InboxAct.DISMISSED);

    private final InboxReader reader;
    private final Reads reads;
    private final Writes writes;
    private final Clock clock;

    InboxRoutes(InboxReader reader, Reads reads, Writes writes, Clock clock) {
        this.reader = reader;
        this.reads = reads;
        this.writes = writes;
        this.clock = clock;
    }

    List<ApiRoute> all() {
        List<ApiRoute> routes = new ArrayList<>(List.of(
                new ApiRoute(HttpMethod.GET, "/v1/inbox", this::page),
                new ApiRoute(HttpMethod.GET, "/v1/inbox/unread-count", this::unreadCount),
                new ApiRoute(HttpMethod.POST, "/v1/inbox/acts", this::acts),
                new ApiRoute(HttpMethod.POST, "/v1/inbox/read", call -> upTo(call, InboxAct.READ)),
                new ApiRoute(HttpMethod.POST, "/v1/inbox/seen", call -> upTo(call, InboxAct.SEEN)),
                new ApiRoute(HttpMethod.GET, "/v1/inbox/{seq}", this::item)));
        ACTS.keySet().stream()
                .sorted()
                .forEach(name -> routes.add(new ApiRoute(
                        HttpMethod.POST, "/v1/inbox/{seq}/" + name, call -> itemAct(call, ACTS.get(name)))));
        return List.copyOf(routes);
    }

    private Future<Answer> page(Call call) {
        Parameters query = call.query();
        Long limit = query.optionalNumber("limit", 1, MOST_ITEMS);
        InboxQuery wanted = new InboxQuery(
                limit == null ? USUAL_ITEMS : limit.intValue(),
                query.optionalNumber("before", 1, Long.MAX_VALUE),
                query.flag("unread"),
                query.optionalText("category", 64),
                query.flag("archived"));
        Heard after = query.after();
        query.end();
        return reads.read(
                        after,
                        page -> page.isWhole() ? heard(page.summary()) : "",
                        () -> reader.page(call.user(), wanted))
                .map(found -> new Answer(200, json(found.value()), null, found.behind()));
    }

    private Future<Answer> unreadCount(Call call) {
        Parameters query = call.query();
        Heard after = query.after();
        query.end();
        return summary(call, after).map(found -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("unread", found.value().map(InboxSummary::unread).orElse(0));
            return new Answer(200, body, null, found.behind());
        });
    }

    private Future<Answer> item(Call call) {
        long seq = call.seq();
        Parameters query = call.query();
        Heard after = query.after();
        query.end();
        return summary(call, after)
                .compose(summary -> reads.read(Heard.NOTHING, found -> "", () -> reader.item(call.user(), seq))
                        .map(found -> found.value()
                                .map(row -> new Answer(200, json(row), null, summary.behind()))
                                .orElseThrow(() -> new ProblemException(Problem.notFound()))));
    }

    private Future<Answer> itemAct(Call call, InboxAct act) {
        long seq = call.seq();
        call.query().end();
        return write(call, act, List.of(seq), null);
    }

    private Future<Answer> upTo(Call call, InboxAct act) {
        call.query().end();
        JsonFields body = call.body();
        long upTo = body.number("upTo", 1, Long.MAX_VALUE);
        body.end();
        return write(call, act, List.of(), upTo);
    }

    private Future<Answer> acts(Call call) {
        call.query().end();
        JsonFields body = call.body();
        InboxAct act = ACTS.get(body.text("act", 16).toLowerCase(Locale.ROOT));
        if (act == null) {
            throw body.invalid("act", "Must be read, unread, seen, archive or dismiss.");
        }
        List<Long> seqs = body.numbers("seqs", MOST_ITEMS, 1);
        Long upTo = body.optionalNumber("upTo", 1, Long.MAX_VALUE);
        body.end();
        if (seqs.isEmpty() == (upTo == null)) {
            throw body.invalid("seqs", "Must name items, or upTo the last of them.");
        }
        if (upTo != null && act == InboxAct.UNREAD) {
            throw body.invalid("upTo", "Is not for unread: nobody means to bring back all they ever read.");
        }
        return write(call, act, seqs, upTo);
    }

    private Future<Answer> write(Call call, InboxAct act, List<Long> seqs, Long upTo) {
        InboxActed acted = InboxActed.newBuilder()
                .setTenant(call.user().tenant())
                .setUser(call.user().user())
                .setAct(act)
                .setSeqs(seqs)
                .setUpToSeq(upTo)
                .setDevice(call.caller().device())
                .setAt(clock.instant())
                .build();
        return writes.accept(Topics.INBOX_ACTED, call.user(), acted);
    }

    private Future<Reads.Found<Optional<InboxSummary>>> summary(Call call, Heard after) {
        return reads.read(after, found -> heard(found.orElse(null)), () -> reader.summary(call.user()));
    }

    private static String heard(InboxSummary summary) {
        return summary == null ? "" : summary.heard();
    }

    private static ObjectNode json(InboxPage page) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        page.rows().forEach(row -> json.withArray("/items").add(json(row)));
        json.withArray("/items");
        InboxSummary summary = page.summary();
        return json.put("next", page.next())
                .put("unread", summary == null ? 0 : summary.unread())
                .put("lastSeq", page.seq())
                .put("version", page.version())
                .put("readUpTo", summary == null ? 0 : summary.readUpTo())
                .put("seenUpTo", summary == null ? 0 : summary.seenUpTo())
                .put("epoch", summary == null ? null : summary.epoch())
                .put("changedAt", summary == null ? null : summary.changedAt().toEpochMilli());
    }

    private static ObjectNode json(InboxRow row) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("seq", row.seq())
                .put("notificationId", row.item().getNotificationId())
                .put("category", row.item().getCategory())
                .put("actor", row.item().getActor())
                .put("title", row.item().getTitle())
                .put("body", row.item().getBody())
                .put("link", row.item().getLink())
                .put("createdAt", row.item().getCreatedAt().toEpochMilli())
                .put("expiresAt", row.item().getExpiresAt().toEpochMilli());
        boolean marked = row.mark() != null;
        return json.put("version", marked ? row.mark().getVersion() : 0)
                .put("seen", marked && row.mark().getSeen())
                .put("read", marked && row.mark().getRead())
                .put("archived", marked && row.mark().getArchived())
                .put("dismissed", marked && row.mark().getDismissed());
    }
}
