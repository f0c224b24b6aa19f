package io.herald.topology.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Route;
import io.herald.schema.RouteChanged;
import io.herald.schema.RouteShare;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RouterAlarmsTest {
    private final RouterAlarms alarms = new RouterAlarms();

    @Test
    void partitionsThatForgetNoAddressesAreCountedByRoute() {
        alarms.pruning(0, Route.APNS, true);
        alarms.pruning(1, Route.APNS, true);
        alarms.pruning(1, Route.APNS, true);
        alarms.pruning(1, Route.FCM, true);
        alarms.pruning(0, Route.APNS, false);

        assertThat(alarms.pruningStopped(Route.APNS)).isEqualTo(1);
        assertThat(alarms.pruningStopped(Route.FCM)).isEqualTo(1);
        assertThat(alarms.pruningStopped(Route.EMAIL)).isZero();
    }

    @Test
    void aPartitionThatMovesTakesItsAlarmAlong() {
        alarms.pruning(1, Route.FCM, true);
        alarms.left(1);

        assertThat(alarms.pruningStopped(Route.FCM)).isZero();
    }

    @Test
    void theShareOfTheFirstProviderIsTheMeanOfThePartitionsHere() {
        assertThat(alarms.firstShare(Route.SMS)).as("nobody ever said").isEqualTo(100);
        alarms.shared(0, share(80));
        alarms.shared(1, share(70));
        alarms.shared(1, share(60));
        assertThat(alarms.firstShare(Route.SMS)).isEqualTo(70);
        assertThat(alarms.firstShare(Route.EMAIL)).isEqualTo(100);
        alarms.left(0);
        assertThat(alarms.firstShare(Route.SMS)).isEqualTo(60);
    }

    private static RouteShare share(int percent) {
        return new RouteShare(new RouteChanged(Route.SMS, 1, 1, null), percent, Instant.EPOCH, 0, 0);
    }
}
