package io.herald.wire;

import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which of a user's own writes were heard, by where Kafka keeps them: of each input the newest. What answers a write
 * gives out one such place, the receipt; what is read later says all that it holds; whether it {@link #covers} the
 * receipt is whether the reader sees their own write.
 *
 * <p>As text a letter for the input, its partition and the offset: {@code a3.1042 p3.77}, in the order of the letters
 * below. Users' writes are keyed by user, so a user's are all in one partition of an input; of two partitions nobody
 * can say which is newer, so another partition covers nothing. Immutable.
 */
public final class Heard {
    /** Nothing was heard. */
    public static final Heard NOTHING = new Heard(Map.of());

    private static final Pattern PLACE = Pattern.compile("([a-z])(\\d{1,9})\\.(\\d{1,18})");

    private final Map<Input, Place> places;

    /** What users themselves write, or a back end for them. */
    private enum Input {
        ACTED('a', Topics.INBOX_ACTED),
        CONTACT('c', Topics.CONTACT_CHANGED),
        DEVICE('d', Topics.DEVICE_CHANGED),
        PREFERENCE('p', Topics.PREFERENCE_CHANGED),
        SUBSCRIPTION('s', Topics.SUBSCRIPTION_CHANGED);

        private final char letter;
        private final String topic;

        Input(char letter, Topic topic) {
            this.letter = letter;
            this.topic = topic.name();
        }
    }

    private record Place(int partition, long offset) {
        boolean covers(Place asked) {
            return partition == asked.partition && offset >= asked.offset;
        }
    }

    private Heard(Map<Input, Place> places) {
        this.places = places;
    }

    /**
     * Returns the receipt of a write.
     *
     * @throws IllegalArgumentException if users' writes are in other topics
     */
    public static Heard at(String topic, int partition, long offset) {
        Input written = Stream.of(Input.values())
                .filter(input -> input.topic.equals(topic))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing that users write is in " + topic));
        return new Heard(Map.of(written, new Place(partition, offset)));
    }

    /**
     * Reads the text form; an empty text is {@link #NOTHING}.
     *
     * @throws IllegalArgumentException if the text is not of that form, or has an input twice
     */
    public static Heard parse(String text) {
        if (text.isEmpty()) {
            return NOTHING;
        }
        Map<Input, Place> places = new EnumMap<>(Input.class);
        for (String word : text.split(" ", Input.values().length + 1)) {
            Matcher place = PLACE.matcher(word);
            if (!place.matches()
                    || places.put(input(place.group(1).charAt(0)), place(place.group(2), place.group(3))) != null) {
                throw malformed();
            }
        }
        return new Heard(places);
    }

    /** Returns this, and what was heard after it. */
    public Heard then(Heard newer) {
        Map<Input, Place> both = new EnumMap<>(Input.class);
        both.putAll(places);
        both.putAll(newer.places);
        return new Heard(both);
    }

    /** Returns whether each place that is asked for was heard, or one behind it in the same partition. */
    public boolean covers(Heard asked) {
        return asked.places.entrySet().stream().allMatch(one -> {
            Place heard = places.get(one.getKey());
            return heard != null && heard.covers(one.getValue());
        });
    }

    private static Input input(char letter) {
        return Stream.of(Input.values())
                .filter(input -> input.letter == letter)
                .findFirst()
                .orElseThrow(Heard::malformed);
    }

    private static Place place(String partition, String offset) {
        return new Place(Integer.parseInt(partition), Long.parseLong(offset));
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("not of the form a3.1042 p3.77");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Heard heard && places.equals(heard.places);
    }

    @Override
    public int hashCode() {
        return places.hashCode();
    }

    /** Returns the text form. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        for (Input input : Input.values()) {
            Place place = places.get(input);
            if (place != null) {
                text.add(input.letter + Integer.toString(place.partition) + "." + place.offset);
            }
        }
        return text.toString();
    }
}
