package io.herald.topology.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Route;
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
}
