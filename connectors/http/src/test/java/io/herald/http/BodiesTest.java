package io.herald.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BodiesTest {
    private final JsonBodies bodies = new JsonBodies(4);

    private JsonNode read(String text) {
        return bodies.read(Buffer.buffer(text));
    }

    @Test
    void readsWhatIsAgreed() {
        JsonFields fields =
                JsonFields.of(read("{'name':'Zoë','age':7,'on':true,'to':{'ids':[3,4]},'no':null}".replace('\'', '"')));

        assertThat(fields.text("name", 10)).isEqualTo("Zoë");
        assertThat(fields.number("age", 1, 9)).isEqualTo(7);
        assertThat(fields.flag("on", false)).isTrue();
        assertThat(fields.optionalText("no", 1)).isNull();
        assertThat(fields.optionalNumber("absent", 0, 1)).isNull();
        JsonFields to = fields.object("to");
        assertThat(to.numbers("ids", 2, 1)).isEqualTo(List.of(3L, 4L));
        to.end();
        fields.end();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''| '' | nothing",
                "{| '' | cut off",
                "{'a':1} {'b':2}| '' | more than one",
                "{'a':{'b':1,'b':2}}| /a/b | a name twice",
                "[[[[[1]]]]]| '' | too deep",
                "{'a':NaN}| /a | no number of JSON's",
            })
    void refusesWhatIsNotAgreed(String body, String field, String why) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> read(body.replace('\'', '"')));

        assertThat(refused).as(why).isNotNull();
        assertThat(refused.problem().status()).isEqualTo(400);
        assertThat(refused.problem().field()).as(why).isEqualTo(field);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void namesTheFieldThatIsWrong(String field, Consumer<JsonFields> asked) {
        JsonFields fields = JsonFields.of(
                read("{'text':'abc','number':12,'list':[1,2,'x'],'in':{'a/b':1}}".replace('\'', '"')), "/0");

        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> asked.accept(fields));

        assertThat(refused.problem().field()).isEqualTo(field);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("/0/missing", fields -> fields.text("missing", 1)),
                wrong("/0/text", fields -> fields.text("text", 2)),
                wrong("/0/text", fields -> fields.number("text", 0, 1)),
                wrong("/0/number", fields -> fields.number("number", 0, 11)),
                wrong("/0/number", fields -> fields.flag("number", false)),
                wrong("/0/list", fields -> fields.numbers("list", 3, 1)),
                wrong("/0/list", fields -> fields.list("list", 2)),
                wrong("/0/number", fields -> fields.object("number")),
                wrong("/0/in/a~1b", fields -> fields.object("in").end()));
    }

    private static Arguments wrong(String field, Consumer<JsonFields> asked) {
        return Arguments.of(field, asked);
    }

    @Test
    void aProblemQuotesNothingOfTheBody() {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> read("{\"a\":secret-4711}"));

        assertThat(refused.problem().json().toString()).doesNotContain("4711").contains("\"status\":400");
    }
}
