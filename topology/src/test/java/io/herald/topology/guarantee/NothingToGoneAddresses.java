package io.herald.topology.guarantee;

import io.herald.schema.Channel;
import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.topic.Topic;
import io.herald.topology.address.Addresses;
import io.herald.wire.UserKey;
import org.apache.avro.specific.SpecificRecord;

/**
 * Deliveries only go to addresses that are the user's at that moment: not to a token that was renewed, that its
 * provider said is gone, or that another user registered since; not to a contact that was changed, that bounced, or
 * whose owner said stop.
 */
public final class NothingToGoneAddresses implements Guarantee {
    private final History history;
    private final Faults faults = new Faults();

    NothingToGoneAddresses(History history) {
        this.history = history;
    }

    @Override
    public void written(Topic topic, byte[] key, SpecificRecord value) {
        if (value instanceof Delivery delivery) {
            Person person = history.person(new UserKey(delivery.getTenant(), delivery.getUser()));
            boolean reaches = Addresses.channel(delivery.getRoute()) == Channel.PUSH
                    ? person.devices().stream()
                            .anyMatch(device -> device.getDevice().equals(delivery.getAddressId())
                                    && device.getToken().equals(delivery.getAddress())
                                    && device.getSince().equals(delivery.getAddressSince()))
                    : person.usable(Addresses.channel(delivery.getRoute()), delivery.getMarketing()).stream()
                            .anyMatch(contact -> contact.getAddress().equals(delivery.getAddress())
                                    && contact.getSince().equals(delivery.getAddressSince())
                                    && (delivery.getRoute() != Route.WEBHOOK
                                            || contact.getKind().name().equals(delivery.getApp())));
            faults.unless(
                    reaches, delivery.getDeliveryId() + " went to an address that " + person.name() + " has no more");
        }
    }

    @Override
    public void check() {
        faults.check();
    }
}
