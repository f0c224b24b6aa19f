package io.herald.topology.audience;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.schema.Profile;
import io.herald.schema.SubscriptionChanged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionsTest {
    @ParameterizedTest(name = "{3}")
    @CsvSource(nullValues = "-", textBlock = """
            sports/tennis, true,  news music sports sports/tennis, one more, in its place
            arts,          true,  arts news music sports,          one more, before all
            zoo,           true,  news music sports zoo,           one more, after all
            news,          true,  -,                               already so
            news,          false, music sports,                    one less
            sports/tennis, false, -,                               never was
            sport,         false, -,                               only the beginning of a name
            Sports,        true,  Sports news music sports,        case matters
            """)
    void aSubscriptionBeginsAndEnds(String topic, boolean subscribed, String after, String why) {
        Profile profile = profile("news", "music", "sports");
        Optional<Profile> next = Subscriptions.apply(profile, change(topic, subscribed));
        assertThat(next.map(Profile::getSubscriptions))
                .isEqualTo(Optional.ofNullable(after).map(SubscriptionsTest::sorted));
        next.ifPresent(changed -> assertThat(changed.getVersion()).isEqualTo(8));
        assertThat(profile).as("the profile given").isEqualTo(profile("news", "music", "sports"));
    }

    @Test
    void theThousandAndFirstIsNotTakenIn() {
        String[] topics = IntStream.range(0, Subscriptions.MOST)
                .mapToObj(number -> "t" + number)
                .toArray(String[]::new);
        Profile full = profile(topics);
        assertThat(Subscriptions.apply(full, change("one-more", true))).isEmpty();
        Profile room = Subscriptions.apply(full, change("t17", false)).orElseThrow();
        assertThat(Subscriptions.apply(room, change("one-more", true)))
                .hasValueSatisfying(next -> assertThat(next.getSubscriptions())
                        .hasSize(Subscriptions.MOST)
                        .contains("one-more")
                        .isSorted());
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(textBlock = """
            sports/football/arsenal, sports/football/arsenal sports/football sports, most specific first
            sports,                  sports,                                         nothing above it
            a.b/c-d_e,               a.b/c-d_e a.b,                                  only slashes part
            a/b/c/d/e/f/g/h,         a/b/c/d/e/f/g/h a/b/c/d/e/f/g a/b/c/d/e/f a/b/c/d/e a/b/c/d a/b/c a/b a, the deepest
            """)
    void aTopicIsHeardByItsOwnSubscribersAndThoseAbove(String topic, String prefixes, String why) {
        assertThat(Subscriptions.prefixes(topic)).containsExactly(prefixes.split(" "));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(nullValues = "-", textBlock = """
            sports/football/arsenal,    sports/football/arsenal, itself goes before what is above it
            sports/football/chelsea,    sports,                  nothing nearer is subscribed to
            sports,                     sports,                  itself
            sports/football/arsenal/u9, sports/football/arsenal, below it
            sportswear,                 -,                       only begins alike
            sports-car/news,            -,                       only begins alike
            news,                       -,                       what is below is not asked for
            news/local,                 news/local,              itself
            """)
    void theMostSpecificSubscriptionCounts(String topic, String by, String why) {
        Profile profile = profile("news/local", "sports", "sports/football/arsenal");
        assertThat(Subscriptions.reachedBy(profile, topic)).isEqualTo(Optional.ofNullable(by));
    }

    @Test
    void whoSubscribesToNothingHearsOfNothing() {
        assertThat(Subscriptions.reachedBy(profile(), "sports")).isEmpty();
    }

    /** A walk over the subscribers of each prefix, taking a user where {@code reachedBy} says, takes each once. */
    @Property(tries = 300)
    void aWalkTakesEachSubscriberOnce(@ForAll("topics") List<String> subscribed, @ForAll("topic") String topic) {
        Profile profile = profile(subscribed.toArray(String[]::new));
        long taken = Subscriptions.prefixes(topic).stream()
                .filter(profile.getSubscriptions()::contains)
                .filter(prefix -> Subscriptions.reachedBy(profile, topic).equals(Optional.of(prefix)))
                .count();
        boolean hears = subscribed.stream().anyMatch(path -> (topic + "/").startsWith(path + "/"));
        assertThat(taken).isEqualTo(hears ? 1 : 0);
    }

    @Property(tries = 300)
    void itIsASortedSetWhateverHappens(@ForAll("changes") List<SubscriptionChanged> changes) {
        Profile profile = profile();
        TreeSet<String> model = new TreeSet<>();
        for (SubscriptionChanged change : changes) {
            boolean changed = change.getSubscribed() ? model.add(change.getTopic()) : model.remove(change.getTopic());
            Optional<Profile> next = Subscriptions.apply(profile, change);
            assertThat(next.isPresent()).isEqualTo(changed);
            profile = next.orElse(profile);
            assertThat(profile.getSubscriptions()).containsExactlyElementsOf(model);
        }
    }

    @Provide
    Arbitrary<String> topic() {
        return Arbitraries.of("a", "b", "aa", "a-b")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(words -> String.join("/", words));
    }

    @Provide
    Arbitrary<List<String>> topics() {
        return topic().list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<SubscriptionChanged>> changes() {
        return Combinators.combine(topic(), Arbitraries.of(true, false))
                .as(SubscriptionsTest::change)
                .list()
                .ofMaxSize(30);
    }

    private static SubscriptionChanged change(String topic, boolean subscribed) {
        return new SubscriptionChanged("acme", "ann", topic, subscribed);
    }

    private static List<String> sorted(String topics) {
        return new ArrayList<>(new TreeSet<>(List.of(topics.split(" "))));
    }

    private static Profile profile(String... topics) {
        return Profile.newBuilder()
                .setVersion(7)
                .setSubscriptions(new ArrayList<>(new TreeSet<>(List.of(topics))))
                .build();
    }
}
