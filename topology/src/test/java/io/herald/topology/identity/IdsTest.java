package io.herald.topology.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Channel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The values were made with another implementation. They name what is stored, so they never change. */
class IdsTest {
    @Test
    void idsAreFrozen() {
        String notification = Ids.notification("acme", "orders", "o-1", "ann");
        assertThat(notification).isEqualTo("7c95fb40-9c47-8811-bd85-eecbfa377c6f");
        assertThat(Ids.delivery(notification, Channel.PUSH, "phone-1"))
                .isEqualTo("409a41a4-0da2-8de3-8132-9faafeb956b0");
        assertThat(Ids.address("acme", "ann@example.org")).isEqualTo("113242e3-340f-8b95-b2ab-9fb8e81e3a30");
        assertThat(Ids.notification("acme", "orders", "ö-😀", "نور")).isEqualTo("90cb35d5-567e-8830-8a0f-08721f20aaa6");
    }

    @Test
    void hashesAreFrozen() {
        assertThat(hex("a", "b")).isEqualTo("16275ef0f5d0eb9dd9e0a53277549fda");
        assertThat(hex("ab")).isEqualTo("d2f295bb8c9d190af78252b52741eb32");
        assertThat(hex("ab", "")).isEqualTo("421fb38456f1afe5c04ed5c0c11c88c4");
        assertThat(hex((String) null)).isEqualTo("ad95131bc0b799c0b1af477fb14fcf26");
        assertThat(hex("")).isEqualTo("df3f619804a92fdb4057192dc43dd748");
        assertThat(hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb924");
    }

    @Property
    void anIdIsAUuidOfVersionEight(@ForAll String source, @ForAll String event, @ForAll String user) {
        String id = Ids.notification("acme", source, event, user);
        UUID uuid = UUID.fromString(id);
        // RFC 9562, section 5.8: what is made in a way of one's own.
        assertThat(uuid.version()).isEqualTo(8);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(uuid).hasToString(id);
    }

    @Property
    void noTwoListsRunIntoOneAnother(
            @ForAll @Size(max = 4) List<String> one, @ForAll @Size(max = 4) List<String> other) {
        assertThat(hex(one.toArray(String[]::new)).equals(hex(other.toArray(String[]::new))))
                .isEqualTo(one.equals(other));
    }

    @Property
    void whereAListIsCutMatters(@ForAll @Size(min = 2, max = 4) List<String> parts) {
        assertThat(hex(parts.toArray(String[]::new))).isNotEqualTo(hex(String.join("", parts)));
    }

    @Test
    void aDeliveryHasItsChannelAndAddress() {
        List<String> ids = Arrays.asList(
                Ids.delivery("n-1", Channel.PUSH, "a"),
                Ids.delivery("n-1", Channel.PUSH, "b"),
                Ids.delivery("n-1", Channel.EMAIL, "a"),
                Ids.delivery("n-2", Channel.PUSH, "a"));
        assertThat(ids).doesNotHaveDuplicates();
    }

    private static String hex(String... parts) {
        return HexFormat.of().formatHex(Ids.hash(parts).bytes());
    }
}
