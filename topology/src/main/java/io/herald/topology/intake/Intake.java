package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;

import io.herald.schema.ActorBlock;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.DeviceChanged;
import io.herald.schema.InboxActed;
import io.herald.schema.OptOut;
import io.herald.schema.PreferenceChanged;
import io.herald.schema.PresenceChanged;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.TemplateChanged;
import io.herald.topology.content.Template;
import io.herald.topology.content.TemplateException;
import io.herald.wire.UserKey;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns what came in into what the mailbox holds: checked, cleaned, bounded, one record a user. Pure: the same record
 * becomes the same letters on every run.
 */
final class Intake {
    private Intake() {}

    /** A letter for the mailbox: a body, and the user whose partition it goes to; no user: every partition. */
    record Letter(UserKey user, SpecificRecord body) {}

    static Letter preference(PreferenceChanged change) {
        UserKey user = user(change.getTenant(), change.getUser());
        change.setLocale(Fields.locale("locale", change.getLocale()));
        change.setDisplayName(Fields.line("displayName", change.getDisplayName(), 200));
        for (OptOut optOut : Fields.atMost("optOuts", change.getOptOuts(), 1_000)) {
            if (optOut.getCategory() != null) {
                Fields.word("optOuts.category", optOut.getCategory());
            }
        }
        for (ActorBlock block : Fields.atMost("blockedActors", change.getBlockedActors(), 1_000)) {
            Fields.name("blockedActors.actor", block.getActor(), 128);
        }
        return new Letter(user, change);
    }

    static Letter device(DeviceChanged change) {
        UserKey user = user(change.getTenant(), change.getUser());
        Fields.name("device", change.getDevice(), 128);
        Fields.optionalName("token", change.getToken(), 4_096);
        Fields.name("app", change.getApp(), 200);
        return new Letter(user, change);
    }

    static Letter contact(ContactChanged change) {
        UserKey user = user(change.getTenant(), change.getUser());
        if (change.getAddress() != null) {
            change.setAddress(
                    change.getKind() == ContactKind.EMAIL
                            ? Fields.email("address", change.getAddress())
                            : Fields.phone("address", change.getAddress()));
        }
        return new Letter(user, change);
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
        return new Letter(user, change);
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
            Template.compile(change);
        } catch (TemplateException broken) {
            throw invalid(broken.field(), broken.getMessage());
        }
        return new Letter(null, change);
    }

    static Letter report(DeliveryReported report) {
        UserKey user = user(report.getTenant(), report.getUser());
        Fields.name("notificationId", report.getNotificationId(), 64);
        Fields.name("deliveryId", report.getDeliveryId(), 64);
        report.setReason(shortened(report.getReason()));
        report.setProviderId(shortened(report.getProviderId()));
        Delivery delivery = report.getDelivery();
        if (delivery == null && report.getOutcome() != ReportedOutcome.ACCEPTED) {
            throw invalid("delivery", "is missing: only ACCEPTED goes without");
        }
        if (delivery != null && !isOf(report, delivery)) {
            throw invalid("delivery", "is another than the report names");
        }
        if (report.getRetryAfterMs() != null && report.getRetryAfterMs() < 0) {
            throw invalid("retryAfterMs", "is negative");
        }
        return new Letter(user, report);
    }

    static UserKey user(String tenant, String user) {
        return new UserKey(Fields.tenant(tenant), Fields.name("user", user, 128));
    }

    private static boolean isOf(DeliveryReported report, Delivery delivery) {
        return delivery.getDeliveryId().equals(report.getDeliveryId())
                && delivery.getNotificationId().equals(report.getNotificationId())
                && delivery.getTenant().equals(report.getTenant())
                && delivery.getUser().equals(report.getUser())
                && delivery.getAttempt() == report.getAttempt();
    }

    // What a provider says is not ours to refuse.
    private static String shortened(String value) {
        if (value == null) {
            return null;
        }
        String clean = Cleaning.clean(value).replace('\n', ' ');
        return Fields.length(clean) <= 200 ? clean : clean.substring(0, clean.offsetByCodePoints(0, 200));
    }
}
