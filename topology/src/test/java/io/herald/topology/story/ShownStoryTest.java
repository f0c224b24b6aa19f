package io.herald.topology.story;

import static io.herald.topology.testing.HeraldDriver.TENANT;
import static io.herald.topology.testing.HeraldDriver.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.Channel;
import io.herald.schema.ContactKind;
import io.herald.schema.InboxAct;
import io.herald.schema.InboxUser;
import io.herald.schema.Platform;
import io.herald.schema.ProfileState;
import io.herald.schema.ReportedOutcome;
import io.herald.schema.SubscriptionChanged;
import io.herald.schema.UserErased;
import io.herald.topic.Topics;
import io.herald.topology.testing.HeraldDriver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users are shown of what they told: when, and how they know that it holds their own last word. */
class ShownStoryTest {
    private final HeraldDriver herald = new HeraldDriver("shown");

    @AfterEach
    void close() {
        herald.close();
    }

    @Test
    void aProfileIsShownWithEachChangeOfIt() {
        herald.prefers("ana", change -> change.setLocale("de"))
                .device("ana", "phone", Platform.APNS, "token-1")
                .email("ana", "ana@example.org")
                .subscribes("ana", "sports");

        assertThat(profiles()).extracting(ProfileState::getVersion).containsExactly(1L, 2L, 3L, 4L);
        ProfileState last = profiles().get(3);
        assertThat(last.getPreferences()).startsWith("{\"locale\":\"de\"");
        assertThat(last.getDevices()).startsWith("[{\"id\":\"phone\"");
        assertThat(last.getContacts()).isEqualTo("[\"EMAIL\"]");
        assertThat(last.getSubscriptions()).isEqualTo("[\"sports\"]");
        assertThat(last.getHeard()).isEqualTo("c0.0 d0.0 p0.0 s0.0");
        assertThat(last.getChangedAt()).isEqualTo(herald.now());
    }

    @Test
    void aWriteThatChangesNothingIsHeardAllTheSame() {
        herald.subscribes("ana", "sports").subscribes("ana", "sports");
        herald.send(Topics.SUBSCRIPTION_CHANGED, new SubscriptionChanged(TENANT, "ana", "news", false));

        assertThat(profiles()).extracting(ProfileState::getHeard).containsExactly("s0.0", "s0.1", "s0.2");
        assertThat(profiles()).extracting(ProfileState::getVersion).containsOnly(1L);
    }

    @Test
    void anActThatChangesNothingIsHeardAllTheSame() {
        herald.template("task", Channel.INBOX, "A task", "{{text}}")
                .event("e1", "task", "bo", "ana")
                .acts("ana", InboxAct.READ, 1)
                .acts("ana", InboxAct.READ, 1)
                .acts("ana", InboxAct.SEEN, 99)
                .event("e2", "task", "bo", "ana");

        List<InboxUser> inboxes = herald.read(Topics.INBOX_USER, InboxUser.class);
        assertThat(inboxes).extracting(InboxUser::getHeard).containsExactly("", "a0.0", "a0.1", "a0.2", "a0.2");
        assertThat(inboxes).extracting(InboxUser::getVersion).containsExactly(1L, 2L, 2L, 2L, 3L);
        assertThat(profiles()).as("of which the profile says nothing").isEmpty();
    }

    @Test
    void whoHasNoInboxIsAnsweredToo() {
        herald.acts("nobody", InboxAct.READ, 1);

        InboxUser inbox = only(herald.read(Topics.INBOX_USER, InboxUser.class));
        assertThat(inbox.getHeard()).isEqualTo("a0.0");
        assertThat(inbox.getLastSeq()).isZero();
    }

    @Test
    void whatOnlyConcernsTheRouterShowsNothing() {
        herald.email("ana", "ana@example.org");
        herald.send(
                Topics.ADDRESS_REPORTED,
                AddressReported.newBuilder()
                        .setTenant(TENANT)
                        .setUser("ana")
                        .setKind(ContactKind.EMAIL)
                        .setAddress("ana@example.org")
                        .setEvent(AddressEvent.HARD_BOUNCE)
                        .build());

        assertThat(profiles()).hasSize(1);
    }

    @Test
    void aDeviceThatIsGoneIsNotShownAnyMore() {
        herald.template("task", Channel.PUSH, "A task", "{{text}}")
                .device("ana", "phone", Platform.APNS, "token-1")
                .event("e1", "task", "bo", "ana")
                .reports(
                        only(herald.deliveries(Topics.DELIVERY_APNS)),
                        ReportedOutcome.ADDRESS_GONE,
                        herald.now().plusSeconds(1),
                        null);

        assertThat(profiles()).extracting(ProfileState::getDevices).last().isEqualTo("[]");
        assertThat(profiles()).hasSize(2);
    }

    @Test
    void aPhoneThatSomeoneElseHasNowIsNotShownAnyMore() {
        herald.device("ana", "phone", Platform.APNS, "token-1").device("bea", "phone", Platform.APNS, "token-1");

        assertThat(profiles())
                .extracting(ProfileState::getDevices)
                .satisfiesExactly(
                        ana -> assertThat(ana).contains("phone"),
                        bea -> assertThat(bea).contains("phone"),
                        ana -> assertThat(ana).isEqualTo("[]"));
    }

    @Test
    void nothingIsShownOfOneWhoIsErased() {
        herald.named("ana", "Ana");
        herald.send(Topics.USER_ERASED, new UserErased(TENANT, "ana")).named("ana", "Ana again");

        assertThat(profiles()).hasSize(2).last().isNull();
    }

    private List<ProfileState> profiles() {
        return herald.read(Topics.PROFILE_STATE, ProfileState.class);
    }
}
