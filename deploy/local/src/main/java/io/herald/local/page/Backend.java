package io.herald.local.page;

import java.net.URI;

/** What stands behind the API. */
record Backend(
        Arrivals arrivals,
        Providers providers,
        Replies replies,
        Events events,
        Broadcasts broadcasts,
        LedgerBook ledger,
        Happenings happenings,
        DemoTokens tokens,
        URI gateway) {}
