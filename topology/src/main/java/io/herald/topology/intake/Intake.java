package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;

import io.herald.schema.Channel;
import io.herald.schema.Checkpoint;
import io.herald.schema.CheckpointRequested;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.DeviceChanged;
import io.herald.schema.GatewayLeased;
import io.herald.schema.Hash16;
import io.herald.schema.InboxActed;
import io.herald.schema.Platform;
import io.herald.schema.PresenceChanged;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.TemplateChanged;
import io.herald.schema.TokenClaimed;
import io.herald.schema.TokenMoved;
import io.herald.schema.TokenReleased;
import io.herald.schema.UserErased;
import io.herald.topology.address.TokenKey;
import io.herald.topology.content.Template;
import io.herald.topology.content.TemplateException;
import io.herald.wire.UserKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns what came in into what the mailbox holds: checked, cleaned, bounded, one record a user. Pure: the same record
 * becomes the same letters on every run.
 */
final class Intake {
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    private Intake() {}

    /** A letter for the mailbox: a body, and the user whose partition it goes to; no user: every partition. */
    record Letter(UserKey user, SpecificRecord body) {
        static Letter toAll(SpecificRecord body) {
            return new Letter(null, body);
        }
    }

    /** Returns the change for its user and, where there is a token, the claim of it for the partition of the token. */
    static List<Letter> device(DeviceChanged change, Instant acceptedAt) {
        UserKey user = user(change.getTenant(), change.getUser());
        Fields.name("device", change.getDevice(), 128);
        Fields.optionalName("token", change.getToken(), 4_096);
        Fields.name("app", change.getApp(), 200);
        if (change.getPlatform() == Platform.WEBPUSH && change.getToken() != null) {
            change.setToken(WebPushSubscription.checked("token", change.getToken()));
        }
        Letter letter = new Letter(user, change);
        if (change.getToken() == null) {
            return List.of(letter);
        }
        Hash16 token = TokenKey.hash(change.getToken());
        return List.of(
                letter,
                new Letter(
                        TokenKey.of(token),
                        new TokenClaimed(token, user.tenant(), user.user(), change.getDevice(), acceptedAt)));
    }

    static Letter tokenMoved(TokenMoved moved) {
        UserKey user = user(moved.getTenant(), moved.getUser());
        Fields.name("device", moved.getDevice(), 128);
        return new Letter(user, moved);
    }

    static Letter tokenReleased(TokenReleased released) {
        user(released.getTenant(), released.getOwner());
        return new Letter(TokenKey.of(released.getTokenHash()), released);
    }

    static Letter contact(ContactChanged change) {
        UserKey user = user(change.getTenant(), change.getUser());
        change.setAddress(address(change.getKind(), change.getAddress()));
        return new Letter(user, change);
    }

    static Letter subscription(SubscriptionChanged change) {
        UserKey user = user(change.getTenant(), change.getUser());
        Fields.path("topic", change.getTopic());
        return new Letter(user, change);
    }

    static Letter erasure(UserErased erasure) {
        return new Letter(user(erasure.getTenant(), erasure.getUser()), erasure);
    }

    static Letter checkpoint(CheckpointRequested request) {
        return Letter.toAll(new Checkpoint(Fields.word("id", request.getId())));
    }

    static Letter inboxAct(InboxActed act) {
        UserKey user = user(act.getTenant(), act.getUser());
        Fields.atMost("seqs", act.getSeqs(), 100);
        if (act.getSeqs().isEmpty() && act.getUpToSeq() == null) {
            throw invalid("seqs", "is empty, and there is no upToSeq");
        }
        Fields.optionalName("device", act.getDevice(), 128);
        return new Letter(user, act);
    }

    static Letter presence(PresenceChanged change) {
        UserKey user = user(change.getTenant(), change.getUser());
        Fields.name("device", change.getDevice(), 128);
        Fields.name("connectionId", change.getConnectionId(), 64);
        Fields.name("gateway", change.getGateway(), 64);
        Fields.optionalName("instance", change.getInstance(), 64);
        return new Letter(user, change);
    }

    static Letter lease(GatewayLeased lease) {
        Fields.name("gateway", lease.getGateway(), 64);
        Fields.name("instance", lease.getInstance(), 64);
        Fields.within("ttlMs", lease.getTtlMs(), Duration.ZERO, LONGEST_LEASE);
        return Letter.toAll(lease);
    }

    static Letter template(TemplateChanged change) {
        Fields.tenant(change.getTenant());
        Fields.word("category", change.getCategory());
        change.setLocale(Fields.locale("locale", change.getLocale()));
        if (change.getLocale() == null) {
            throw invalid("locale", "is missing");
        }
        change.setTitle(Fields.text("title", change.getTitle(), 1_000));
        change.setBody(Fields.text("body", change.getBody(), 16_384));
        change.setHtml(Fields.text("html", change.getHtml(), 65_536));
        if ((change.getTitle() == null) != (change.getBody() == null)) {
            throw invalid(change.getTitle() == null ? "title" : "body", "is missing");
        }
        if (change.getHtml() != null && change.getChannel() != Channel.EMAIL) {
            throw invalid("html", "is only for EMAIL");
        }
        try {
            Template.compile(change).checkFits();
        } catch (TemplateException broken) {
            throw invalid(broken.field(), broken.getMessage());
        }
        return Letter.toAll(change);
    }

    static UserKey user(String tenant, String user) {
        return new UserKey(Fields.tenant(tenant), Fields.name("user", user, 128));
    }

    static String address(ContactKind kind, String address) {
        if (address == null) {
            return null;
        }
        return switch (kind) {
            case EMAIL -> Fields.email("address", address);
            case SMS -> Fields.phone("address", address);
            case WEBHOOK, SLACK, TEAMS -> Fields.endpoint("address", address);
        };
    }
}
