package io.herald.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.herald.schema.Channel;
import io.herald.schema.ContactChanged;
import io.herald.schema.ContactKind;
import io.herald.schema.InboxUserKey;
import io.herald.schema.Mail;
import io.herald.schema.NotificationRequested;
import io.herald.schema.Tick;
import io.herald.topic.Topics;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading and writing, against a registry in memory. */
class WireFormatTest {
    private static final Map<String, Object> CONFIG = Map.of("schema.registry.url", "mock://wire-format-test");

    private final WireFormat wire = new WireFormat(CONFIG);

    @Test
    void readsWhatItWrote() {
        NotificationRequested event = event();
        byte[] bytes = wire.value(Topics.NOTIFICATION_REQUESTED, event);
        assertThat(bytes[0]).isZero();
        assertThat(new WireFormat(CONFIG).read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes))
                .isEqualTo(event);
    }

    @Test
    void readsEveryTypeThatATopicMayHold() {
        Mail tick = new Mail(null, Instant.EPOCH, new Tick(Instant.ofEpochMilli(1), 3, 500, 500));
        ContactChanged contact = new ContactChanged("acme", "ann", ContactKind.EMAIL, "ann@example.org");
        Mail change = new Mail(null, Instant.EPOCH, contact);
        assertThat(wire.read(Topics.MAILBOX, Mail.class, wire.value(Topics.MAILBOX, tick)))
                .isEqualTo(tick);
        assertThat(wire.read(Topics.MAILBOX, Mail.class, wire.value(Topics.MAILBOX, change)))
                .isEqualTo(change);
    }

    @Test
    void writesTheSameBytesAgain() {
        byte[] bytes = wire.value(Topics.NOTIFICATION_REQUESTED, event());
        assertThat(wire.value(Topics.NOTIFICATION_REQUESTED, event())).isEqualTo(bytes);
        assertThat(new WireFormat(CONFIG).value(Topics.NOTIFICATION_REQUESTED, event()))
                .isEqualTo(bytes);
    }

    @Test
    void aSerializerWithWaysOfItsOwnWritesEveryRecord() {
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.put(WireFormat.SERIALIZER, Counting.class.getName());
        WireFormat counting = new WireFormat(config);
        for (byte count = 1; count < 4; count++) {
            byte[] bytes = counting.value(Topics.NOTIFICATION_REQUESTED, event());
            assertThat(bytes[bytes.length - 1]).isEqualTo(count);
        }
    }

    /** Puts a number behind each record. */
    public static final class Counting extends KafkaAvroSerializer {
        private byte count;

        @Override
        public byte[] serialize(String topic, Object record) {
            byte[] bytes = super.serialize(topic, record);
            byte[] counted = Arrays.copyOf(bytes, bytes.length + 1);
            counted[bytes.length] = ++count;
            return counted;
        }
    }

    @Test
    void aDeserializerWithWaysOfItsOwnReadsEveryRecord() {
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.put(WireFormat.DESERIALIZER, Backwards.class.getName());
        byte[] bytes = Backwards.turned(wire.value(Topics.NOTIFICATION_REQUESTED, event()));
        WireFormat backwards = new WireFormat(config);
        for (int time = 0; time < 3; time++) {
            assertThat(backwards.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes))
                    .isEqualTo(event());
        }
    }

    /** For records that are written backwards behind the schema's id. */
    public static final class Backwards extends KafkaAvroDeserializer {
        static byte[] turned(byte[] bytes) {
            byte[] turned = bytes.clone();
            for (int place = 5; place < bytes.length; place++) {
                turned[place] = bytes[bytes.length - 1 - place + 5];
            }
            return turned;
        }

        @Override
        public Object deserialize(String topic, byte[] bytes) {
            return super.deserialize(topic, turned(bytes));
        }
    }

    @Test
    void aRecordThatCannotBeWrittenSpoilsNotTheNext() {
        byte[] bytes = wire.value(Topics.NOTIFICATION_REQUESTED, event());
        NotificationRequested broken = event();
        broken.setRecipients(Arrays.asList("ann", null));
        assertThatThrownBy(() -> wire.value(Topics.NOTIFICATION_REQUESTED, broken))
                .isInstanceOf(RuntimeException.class);
        assertThat(wire.value(Topics.NOTIFICATION_REQUESTED, event())).isEqualTo(bytes);
    }

    @Test
    void writesKeysUnderASubjectOfTheirOwn() {
        byte[] key = wire.key(Topics.INBOX_USER, new InboxUserKey("acme", "ann"));
        byte[] value =
                wire.value(Topics.INBOX_USER, new io.herald.schema.InboxUser(1L, 1L, 1, 0L, 0L, 1, Instant.EPOCH, ""));
        assertThat(Arrays.copyOf(key, 5)).isNotEqualTo(Arrays.copyOf(value, 5));
    }

    static List<Object[]> unreadable() {
        byte[] good = new WireFormat(CONFIG).value(Topics.NOTIFICATION_REQUESTED, event());
        byte[] otherMagic = good.clone();
        otherMagic[0] = 1;
        byte[] cut = Arrays.copyOf(good, good.length - 3);
        byte[] longText = ByteBuffer.allocate(good.length + 9)
                .put(Arrays.copyOf(good, 5))
                // The length of the first text: far more than there is.
                .put(new byte[] {-2, -1, -1, -1, 15})
                .array();
        byte[] negativeText = ByteBuffer.allocate(10)
                .put(Arrays.copyOf(good, 5))
                .put(new byte[] {1})
                .array();
        return List.of(
                new Object[] {"nothing", new byte[0]},
                new Object[] {"one byte", new byte[] {0}},
                new Object[] {"half an id", new byte[] {0, 0, 0}},
                new Object[] {"an id and no more", Arrays.copyOf(good, 5)},
                new Object[] {"cut before its end", cut},
                new Object[] {"not the magic byte", otherMagic},
                new Object[] {"text", "{\"tenant\":\"acme\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)},
                new Object[] {"a text of two gigabytes", longText},
                new Object[] {"a text of negative length", negativeText},
                new Object[] {
                    "another type of record",
                    new WireFormat(CONFIG)
                            .value(Topics.CONTACT_CHANGED, new ContactChanged("acme", "ann", ContactKind.SMS, null))
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void bytesThatCanNeverBeReadAreUnreadable(String why, byte[] bytes) {
        for (WireFormat reader : List.of(wire, experienced())) {
            UnreadableRecordException unreadable = catchThrowableOfType(
                    UnreadableRecordException.class,
                    () -> reader.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes));
            assertThat(unreadable).isNotNull().hasMessageNotContainingAny("acme", "ann");
            assertThat(unreadable.unknownSchema()).isFalse();
        }
    }

    /** Returns one that knows how the records of the topic are written, and does not ask the deserializer any more. */
    private static WireFormat experienced() {
        WireFormat reader = new WireFormat(CONFIG);
        byte[] bytes = reader.value(Topics.NOTIFICATION_REQUESTED, event());
        reader.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes);
        return reader;
    }

    /** Each claims more than its few bytes can hold; allocating for it would end the process, again and again. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            a text of a gigabyte,           1000000000, false
            a text of two gigabytes,        2147483600, false
            a hundred million recipients,   100000000,  true
            two billion recipients,         2000000000, true
            """)
    void aRecordThatClaimsToBeHugeCostsNoMemory(String why, long claim, boolean list) {
        byte[] header = Arrays.copyOf(wire.value(Topics.NOTIFICATION_REQUESTED, event()), 5);
        ByteBuffer bytes = ByteBuffer.allocate(64).put(header);
        if (list) {
            // Tenant, source and id are empty; recipients come next.
            bytes.put(new byte[3]);
        }
        for (long rest = claim << 1; rest != 0; rest >>>= 7) {
            bytes.put((byte) (rest > 127 ? rest | 128 : rest));
        }
        for (WireFormat reader : List.of(wire, experienced())) {
            long before = allocated();
            assertThatThrownBy(() -> reader.read(
                            Topics.NOTIFICATION_REQUESTED,
                            NotificationRequested.class,
                            Arrays.copyOf(bytes.array(), bytes.position())))
                    .isInstanceOf(UnreadableRecordException.class);
            assertThat(allocated() - before).isLessThan(64 << 20);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Whatever became of a record on its way, it is a record of the type or it is unreadable; nothing else happens. */
    @Property
    void aDamagedRecordIsReadOrUnreadable(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 10_000) Integer> places, @ForAll byte with) {
        byte[] bytes = wire.value(Topics.NOTIFICATION_REQUESTED, event());
        for (int place : places) {
            bytes[5 + place % (bytes.length - 5)] = with;
        }
        Object first = readOrWhy(new WireFormat(CONFIG), bytes);
        assertThat(readOrWhy(experienced(), bytes)).isEqualTo(first);
    }

    private static Object readOrWhy(WireFormat reader, byte[] bytes) {
        try {
            return reader.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes);
        } catch (UnreadableRecordException unreadable) {
            assertThat(unreadable.unknownSchema()).isFalse();
            return unreadable.getMessage();
        }
    }

    @Test
    void noValueIsUnreadable() {
        assertThatThrownBy(() -> wire.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, null))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("no value");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(textBlock = """
            999999,      far above
            2147483647,  highest
            -1,          negative
            """)
    void anIdThatTheRegistryDoesNotKnowIsAnUnknownSchema(int id, String why) {
        byte[] bytes = wire.value(Topics.NOTIFICATION_REQUESTED, event());
        ByteBuffer.wrap(bytes).putInt(1, id);
        for (int time = 0; time < 2; time++) {
            UnreadableRecordException unreadable = catchThrowableOfType(
                    UnreadableRecordException.class,
                    () -> wire.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes));
            assertThat(unreadable).isNotNull();
            assertThat(unreadable.unknownSchema()).isTrue();
        }
    }

    @Test
    void readsARecordAfterABadOne() {
        byte[] good = wire.value(Topics.NOTIFICATION_REQUESTED, event());
        assertThatThrownBy(() -> wire.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, new byte[] {7}))
                .isInstanceOf(UnreadableRecordException.class);
        assertThat(wire.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, good))
                .isEqualTo(event());
    }

    /** What a producer writes that has a newer schema, or an older, or one of its own making. */
    @Test
    void readsARecordOfAnotherVersion() {
        Schema other = SchemaBuilder.record("NotificationRequested")
                .namespace("io.herald.schema")
                .fields()
                .requiredString("category")
                .requiredString("id")
                .requiredString("source")
                .requiredString("tenant")
                .name("recipients")
                .type()
                .array()
                .items()
                .stringType()
                .noDefault()
                .optionalString("aFieldOfTheFuture")
                .endRecord();
        GenericRecord written = new GenericRecordBuilder(other)
                .set("category", "comment")
                .set("id", "e-1")
                .set("source", "blog")
                .set("tenant", "acme")
                .set("recipients", List.of("ann", "bob"))
                .set("aFieldOfTheFuture", "x")
                .build();
        byte[] bytes = foreign("other.version", written);
        for (int time = 0; time < 3; time++) {
            assertThat(wire.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes))
                    .isEqualTo(NotificationRequested.newBuilder()
                            .setTenant("acme")
                            .setSource("blog")
                            .setId("e-1")
                            .setRecipients(List.of("ann", "bob"))
                            .setCategory("comment")
                            .build());
            assertThat(wire.read(
                            Topics.NOTIFICATION_REQUESTED,
                            NotificationRequested.class,
                            wire.value(Topics.NOTIFICATION_REQUESTED, event())))
                    .isEqualTo(event());
        }
    }

    @Test
    void aRecordWithoutARequiredFieldIsUnreadable() {
        Schema other = SchemaBuilder.record("NotificationRequested")
                .namespace("io.herald.schema")
                .fields()
                .requiredString("tenant")
                .endRecord();
        GenericRecord written =
                new GenericRecordBuilder(other).set("tenant", "acme").build();
        byte[] bytes = foreign("no.required", written);
        assertThatThrownBy(() -> wire.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes))
                .isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void aRecordWithAnUnknownSymbolIsUnreadable() {
        Schema channel = SchemaBuilder.enumeration("Channel")
                .namespace("io.herald.schema")
                .symbols("INBOX", "PIGEON");
        Schema other = new Schema.Parser()
                .parse(NotificationRequested.getClassSchema().toString().replace("\"WEBHOOK\"]", "\"PIGEON\"]"));
        GenericData.Record written = new GenericData.Record(other);
        for (Schema.Field field : other.getFields()) {
            if (field.hasDefaultValue()) {
                written.put(field.pos(), GenericData.get().getDefaultValue(field));
            }
        }
        written.put("tenant", "acme");
        written.put("source", "blog");
        written.put("id", "e-1");
        written.put("recipients", List.of("ann"));
        written.put("category", "comment");
        written.put("channels", List.of(new GenericData.EnumSymbol(channel, "PIGEON")));
        byte[] bytes = foreign("unknown.symbol", written);
        assertThatThrownBy(() -> wire.read(Topics.NOTIFICATION_REQUESTED, NotificationRequested.class, bytes))
                .isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void namesASerializerThatDoesNotExist() {
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.put(WireFormat.SERIALIZER, "no.such.Serializer");
        assertThatThrownBy(() -> new WireFormat(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(WireFormat.SERIALIZER, "no.such.Serializer");
    }

    private static byte[] foreign(String topic, GenericRecord record) {
        try (KafkaAvroSerializer producer = new KafkaAvroSerializer()) {
            producer.configure(CONFIG, false);
            return producer.serialize(topic, record);
        }
    }

    private static NotificationRequested event() {
        return NotificationRequested.newBuilder()
                .setTenant("acme")
                .setSource("blog")
                .setId("e-1")
                .setRecipients(List.of("ann", "O'Brien", "نور", "👩‍👩‍👧"))
                .setCategory("comment")
                .setActor("bob")
                .setData(Map.of("post", "Grüße"))
                .setChannels(List.of(Channel.PUSH))
                .setOccurredAt(Instant.ofEpochMilli(Long.MIN_VALUE))
                .setExpiresAt(Instant.parse("9999-12-31T23:59:59.999Z"))
                .build();
    }
}
