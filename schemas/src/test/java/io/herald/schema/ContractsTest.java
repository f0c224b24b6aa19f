package io.herald.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.topic.Topic;
import io.herald.topic.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all schemas have in common, whoever adds to them. */
class ContractsTest {
    /** State types; no topic of the catalogue names them. */
    private static final List<Schema> STATE = List.of(
            Profile.getClassSchema(),
            Activity.getClassSchema(),
            Pending.getClassSchema(),
            Position.getClassSchema(),
            FirstCopy.getClassSchema(),
            GatewayLease.getClassSchema());

    // Names that say a moment; lastSeq, readUpTo and the like count.
    private static final Pattern MOMENT =
            Pattern.compile("at|asOf|since|due|deadline|\\w+At|\\w+_at|\\w+Until|\\w+Since");

    static Stream<Schema> types() {
        return SchemaFolder.read(SchemaFolder.CURRENT).values().stream();
    }

    static Stream<Schema> records() {
        return types().filter(type -> type.getType() == Schema.Type.RECORD);
    }

    /** Whatever must come out as the same bytes on every run. */
    static Stream<Schema> repeatable() {
        Stream<Topic> topics = Stream.concat(Stream.of(Topics.MAILBOX), Topics.OUTPUTS.stream());
        Stream<Schema> onTopics =
                topics.flatMap(topic -> Stream.concat(Stream.of(topic.value()), topic.keySchema().stream()));
        return Stream.concat(onTopics, STATE.stream());
    }

    @Test
    void aFileHoldsTheOneTypeItIsNamedAfter() {
        List<String> files = SchemaFolder.files(SchemaFolder.CURRENT).stream()
                .map(Path::getFileName)
                .map(Path::toString)
                .toList();
        assertThat(types().map(type -> type.getName() + ".avsc")).containsExactlyInAnyOrderElementsOf(files);
        assertThat(types().map(Schema::getNamespace)).containsOnly("io.herald.schema");
    }

    @ParameterizedTest
    @MethodSource("types")
    void theGeneratedClassHasTheSchemaOfTheFile(Schema type) throws ClassNotFoundException {
        Schema generated = SpecificData.get().getSchema(Class.forName(type.getFullName()));
        assertThat(SchemaNormalization.toParsingForm(generated)).isEqualTo(SchemaNormalization.toParsingForm(type));
    }

    @ParameterizedTest
    @MethodSource("types")
    void theTypeIsDocumented(Schema type) {
        assertThat(type.getDoc()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyFieldIsDocumented(Schema type) {
        assertThat(type.getFields())
                .allSatisfy(field -> assertThat(field.doc()).as(field.name()).isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("repeatable")
    void nothingThatIsRepeatedHasAMap(Schema type) {
        assertThat(maps(type)).isEmpty();
    }

    @Test
    void theOnlyMapsAreWhatProducersFillIn() {
        assertThat(types().flatMap(type -> maps(type).stream()))
                .containsOnly("BroadcastRequested.data", "NotificationRequested.data");
    }

    @ParameterizedTest
    @MethodSource("records")
    void aMomentIsATimestampInMilliseconds(Schema type) {
        for (Schema.Field field : type.getFields()) {
            if (MOMENT.matcher(field.name()).matches()) {
                assertThat(present(field.schema()).getLogicalType())
                        .as(field.name())
                        .isEqualTo(LogicalTypes.timestampMillis());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatMayBeAbsentIsAbsentByDefault(Schema type) {
        for (Schema.Field field : type.getFields()) {
            if (field.schema().isNullable()) {
                assertThat(field.hasDefaultValue()).as(field.name()).isTrue();
                assertThat(field.schema().getTypes().get(0).getType())
                        .as(field.name())
                        .isEqualTo(Schema.Type.NULL);
            }
        }
    }

    @Test
    void anUnknownReasonIsReadAsOther() {
        assertThat(Reason.getClassSchema().getEnumDefault()).isEqualTo(Reason.OTHER.name());
    }

    @Test
    void theInboxComesFirstOfAllChannels() {
        // A notification is planned channel by channel; pushes carry the seq that its inbox item was given.
        assertThat(Channel.values()).startsWith(Channel.INBOX);
    }

    @Test
    void aPlatformIsARoute() {
        assertThat(Stream.of(Platform.values()).map(Enum::name))
                .isSubsetOf(Stream.of(Route.values()).map(Enum::name).toList());
    }

    private static Schema present(Schema schema) {
        return schema.isUnion() && schema.getTypes().size() == 2 && schema.isNullable()
                ? schema.getTypes().get(1)
                : schema;
    }

    private static List<String> maps(Schema type) {
        List<String> found = new ArrayList<>();
        walk(type, type.getName(), new HashSet<>(), found);
        return found;
    }

    private static void walk(Schema type, String path, Set<String> met, List<String> maps) {
        switch (type.getType()) {
            case MAP -> maps.add(path);
            case ARRAY -> walk(type.getElementType(), path, met, maps);
            case UNION -> type.getTypes().forEach(branch -> walk(branch, path, met, maps));
            case RECORD -> {
                if (met.add(type.getFullName())) {
                    type.getFields()
                            .forEach(field -> walk(field.schema(), type.getName() + "." + field.name(), met, maps));
                }
            }
            case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }
}
