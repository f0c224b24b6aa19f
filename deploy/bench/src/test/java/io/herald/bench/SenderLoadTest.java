package io.herald.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Route;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderLoadTest {
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            APNS,  [0-9a-f]{64},                  Apple's tokens are 32 bytes
            FCM,   [A-Za-z0-9:_-]{140}.*,         as long as Firebase's
            EMAIL, user-[0-9]+@example\\.com,     a domain that nobody has
            """)
    void addressesAreThoseOfTheRouteAndEachUserHasOne(Route route, String form, String reason) {
        List<String> addresses = IntStream.range(0, SenderLoad.USERS)
                .mapToObj(number -> SenderLoad.address(route, number))
                .toList();

        assertThat(addresses).as(reason).allMatch(address -> address.matches(form));
        assertThat(addresses).doesNotHaveDuplicates();
        assertThat(SenderLoad.address(route, SenderLoad.USERS)).isEqualTo(addresses.get(0));
    }

    @Test
    void settingsKeepWhatFollowsTheFirstEquals() {
        assertThat(Orders.settings(List.of("fcm.url=http://127.0.0.1:1/?a=b", "in.flight.max=9")))
                .containsEntry("fcm.url", "http://127.0.0.1:1/?a=b")
                .containsEntry("in.flight.max", "9");
    }
}
