package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.ReceiptReported;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.SocketReported;
import io.herald.wire.UserKey;

/** Checks what senders, gateways and providers say came of deliveries. Pure. */
final class ReportIntake {
    private ReportIntake() {}

    static Intake.Letter report(DeliveryReported report) {
        UserKey user = Intake.user(report.getTenant(), report.getUser());
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
        notNegative("retryAfterMs", report.getRetryAfterMs());
        notNegative("tookMs", report.getTookMs());
        return new Intake.Letter(user, report);
    }

    static Intake.Letter receipt(ReceiptReported receipt) {
        UserKey user = Intake.user(receipt.getTenant(), receipt.getUser());
        Fields.name("notificationId", receipt.getNotificationId(), 64);
        Fields.name("deliveryId", receipt.getDeliveryId(), 64);
        receipt.setDetail(shortened(receipt.getDetail()));
        return new Intake.Letter(user, receipt);
    }

    static Intake.Letter address(AddressReported report) {
        UserKey user = Intake.user(report.getTenant(), report.getUser());
        Fields.optionalName("addressId", report.getAddressId(), 64);
        report.setAddress(Intake.address(report.getKind(), report.getAddress()));
        if (report.getAddressId() == null && report.getAddress() == null) {
            throw invalid("address", "is missing, and there is no addressId");
        }
        if (report.getAddressId() != null && report.getAddress() != null) {
            throw invalid("addressId", "is given beside address: one of them");
        }
        if (isReply(report.getEvent()) && report.getKind() != ContactKind.SMS) {
            throw invalid("event", "is only for SMS");
        }
        report.setDetail(shortened(report.getDetail()));
        return new Intake.Letter(user, report);
    }

    static Intake.Letter socket(SocketReported report) {
        UserKey user = Intake.user(report.getTenant(), report.getUser());
        Fields.name("notificationId", report.getNotificationId(), 64);
        Fields.name("gateway", report.getGateway(), 64);
        return new Intake.Letter(user, report);
    }

    private static void notNegative(String field, Long value) {
        if (value != null && value < 0) {
            throw invalid(field, "is negative");
        }
    }

    private static boolean isReply(AddressEvent event) {
        return switch (event) {
            case STOP, START -> true;
            case HARD_BOUNCE, SOFT_BOUNCE, COMPLAINT -> false;
        };
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
