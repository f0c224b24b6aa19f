package io.herald.api;

import io.herald.http.Identity;
import io.herald.http.JsonBodies;
import io.herald.http.JsonFields;
import io.herald.http.Problem;
import io.herald.http.ProblemException;
import io.herald.wire.UserKey;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** A request of a user who has shown their token. */
record Call(RoutingContext context, Identity caller) {
    private static final int DEPTH = 8;
    private static final JsonBodies BODIES = new JsonBodies(DEPTH);
    private static final int SEQ_DIGITS = 18;

    /** Works out the answer; what it throws, or fails with, is the answer too. */
    @FunctionalInterface
    interface Handling {
        Future<Answer> answer(Call call);
    }

    UserKey user() {
        return caller.user();
    }

    Parameters query() {
        return new Parameters(context.queryParams());
    }

    /** Returns the body, to be asked for its fields and {@link JsonFields#end}ed. */
    JsonFields body() {
        return JsonFields.of(BODIES.read(context.body().buffer()));
    }

    /** Returns a part of the path. */
    String path(String name) {
        return context.pathParam(name);
    }

    /** Returns the item that the path names; an item that cannot be is as one that is not there. */
    long seq() {
        String text = path("seq");
        if (text.isEmpty()
                || text.length() > SEQ_DIGITS
                || !text.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            throw new ProblemException(Problem.notFound());
        }
        return Long.parseLong(text);
    }
}
