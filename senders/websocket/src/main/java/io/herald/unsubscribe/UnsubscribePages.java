package io.herald.unsubscribe;

import io.herald.api.Writes;
import io.herald.consent.Unsubscribe;
import io.herald.consent.UnsubscribeTokens;
import io.herald.http.RateLimit;
import io.herald.schema.Channel;
import io.herald.schema.OptOut;
import io.herald.schema.PreferenceChanged;
import io.herald.topic.Topics;
import io.herald.wire.UserKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Takes unsubscribe links: a mail program posts to one by itself (RFC 8058), a person gets a page that asks. What is
 * sealed in the link is the authority; nobody logs in. Reading the page changes nothing: scanners of mail read every
 * link. A post acts, as often as it is sent, and is answered once Kafka has it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8058">RFC 8058: one-click unsubscribe</a>
 */
public final class UnsubscribePages {
    /** Where it is. */
    public static final String PATH = "/unsubscribe";

    private static final int BODY_BYTES = 8 * 1024;
    private static final String TOKEN = "t";
    private static final String COMMAND = "List-Unsubscribe";
    private static final String ONE_CLICK = "One-Click";
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final UnsubscribeTokens tokens;
    private final Writes writes;
    private final RateLimit rate;

    /**
     * Makes them.
     *
     * @param tokens checks what is in links
     * @param perSecond how many requests are taken a second, of everybody together
     */
    public UnsubscribePages(UnsubscribeTokens tokens, int perSecond, Writes writes) {
        this.tokens = tokens;
        this.writes = writes;
        this.rate = new RateLimit(perSecond, perSecond, System.nanoTime());
    }

    /** Adds the pages to a server's routes. */
    public void mount(Router router) {
        router.get(PATH).handler(this::ask);
        router.get(Page.STYLE).handler(context -> Page.sendStyle(context.response()));
        // A mail program may send either form (RFC 8058, section 3.2).
        router.post(PATH)
                .consumes("application/x-www-form-urlencoded")
                .consumes("multipart/form-data")
                .handler(BodyHandler.create(false)
                        .setBodyLimit(BODY_BYTES)
                        .setHandleFileUploads(false)
                        .setMergeFormAttributes(false))
                .handler(this::act);
    }

    private void ask(RoutingContext context) {
        String token = token(context.queryParam(TOKEN), List.of());
        if (isTooMuch(context.response())) {
            return;
        }
        if (wanted(token).isEmpty()) {
            Page.NOT_VALID.send(context.response());
        } else {
            // Of the token there are letters, digits, '-' and '_' left here, or it would not have been valid.
            Page.ASK.send(context.response(), token);
        }
    }

    private void act(RoutingContext context) {
        if (isTooMuch(context.response())) {
            return;
        }
        List<String> command = context.request().formAttributes().getAll(COMMAND);
        Optional<Unsubscribe> wanted = wanted(token(
                context.queryParam(TOKEN), context.request().formAttributes().getAll(TOKEN)));
        if (!command.equals(List.of(ONE_CLICK)) || wanted.isEmpty()) {
            Page.NOT_VALID.send(context.response());
            return;
        }
        Unsubscribe unsubscribe = wanted.get();
        PreferenceChanged change = PreferenceChanged.newBuilder()
                .setTenant(unsubscribe.tenant())
                .setUser(unsubscribe.user())
                .setOptOuts(List.of(OptOut.newBuilder()
                        .setCategory(unsubscribe.category())
                        .setChannel(Channel.EMAIL)
                        .setOptedOut(true)
                        .build()))
                .build();
        UserKey user = new UserKey(unsubscribe.tenant(), unsubscribe.user());
        writes.write(Topics.PREFERENCE_CHANGED, user, change)
                .onSuccess(where -> Page.DONE.send(context.response()))
                .onFailure(failure -> later(context.response(), 503));
    }

    private Optional<Unsubscribe> wanted(String token) {
        return token == null || token.length() > UnsubscribeTokens.LONGEST ? Optional.empty() : tokens.verify(token);
    }

    /** Returns the one token that is given, by the link or by the page's form; null where there is not one. */
    private static String token(List<String> inLink, List<String> inForm) {
        if (inLink.size() + inForm.size() == 1) {
            return inLink.isEmpty() ? inForm.get(0) : inLink.get(0);
        }
        return null;
    }

    private boolean isTooMuch(HttpServerResponse response) {
        synchronized (rate) {
            if (rate.tryTake(System.nanoTime())) {
                return false;
            }
        }
        later(response, 429);
        return true;
    }

    private static void later(HttpServerResponse response, int status) {
        response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(AGAIN.toSeconds()));
        Page.LATER.send(response.setStatusCode(status));
    }
}
