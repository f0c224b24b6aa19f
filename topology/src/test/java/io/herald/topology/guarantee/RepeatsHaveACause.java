package io.herald.topology.guarantee;

import io.herald.schema.Delivery;
import io.herald.schema.DeliveryReported;
import io.herald.schema.Mail;
import io.herald.schema.Notification;
import io.herald.schema.ReportedOutcome;
import io.herald.topic.Topic;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * A delivery is handed out again only because its sender said that the attempt before was not made, or failed, or was
 * never answered; each time by the next number. And it is handed out to the same address.
 */
public final class RepeatsHaveACause implements Guarantee {
    private static final Set<ReportedOutcome> CAUSES = EnumSet.of(
            ReportedOutcome.RETRY, ReportedOutcome.UNKNOWN, ReportedOutcome.MISCONFIGURED, ReportedOutcome.STALE);

    private final Faults faults = new Faults();
    private final Map<String, Delivery> last = new HashMap<>();
    private final Set<String> unanswered = new HashSet<>();
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final Map<String, Integer> arrivalsBefore = new HashMap<>();

    @Override
    public void read(Mail mail) {
        if (mail.getBody() instanceof DeliveryReported report && CAUSES.contains(report.getOutcome())) {
            unanswered.add(attempt(report.getDeliveryId(), report.getAttempt()));
        } else if (mail.getBody() instanceof Notification notification) {
            arrivals.merge(notification.getNotificationId(), 1, Integer::sum);
        }
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (!(value instanceof Delivery delivery) || delivery.getSilent()) {
            return;
        }
        Delivery before = last.put(delivery.getDeliveryId(), delivery);
        int attempt = delivery.getAttempt();
        if (attempt == 1) {
            // An event may come again when nobody remembers it any more.
            int arrived = arrivals.getOrDefault(delivery.getNotificationId(), 0);
            Integer arrivedBefore = arrivalsBefore.put(delivery.getDeliveryId(), arrived);
            faults.unless(
                    before == null || arrivedBefore < arrived,
                    delivery.getDeliveryId() + " is handed out for the first time, twice");
            return;
        }
        faults.unless(
                before != null
                        && before.getAttempt() == attempt - 1
                        && before.getAddressId().equals(delivery.getAddressId()),
                delivery.getDeliveryId() + " has attempt " + attempt + " behind " + before);
        faults.unless(
                unanswered.remove(attempt(delivery.getDeliveryId(), attempt - 1)),
                delivery.getDeliveryId() + " has attempt " + attempt + " though nothing went wrong");
    }

    private static String attempt(String delivery, int attempt) {
        return delivery + " " + attempt;
    }

    @Override
    public void check() {
        faults.check();
    }
}
