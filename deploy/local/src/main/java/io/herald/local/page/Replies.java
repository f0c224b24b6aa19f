package io.herald.local.page;

import java.io.IOException;

/** What owners of phones answer. */
public interface Replies {
    /**
     * Answers an SMS.
     *
     * @throws IOException if nobody hears it
     */
    void reply(String number, String text) throws IOException, InterruptedException;
}
