package io.herald.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads a record from JSON as people write it: what is left out has its default, a value that may be absent is written
 * as it is, and a time is a text of ISO 8601. (Avro's own JSON wants every field, and the branch of each union named.)
 */
public final class PlainJson {
    private PlainJson() {}

    /** A value is not what the schema wants there. Its message names the field and does not quote the value. */
    public static final class WrongFieldException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String pointer;
        private final String detail;

        private WrongFieldException(String pointer, String detail) {
            super((pointer.isEmpty() ? "the record" : pointer) + " " + detail);
            this.pointer = pointer;
            this.detail = detail;
        }

        /** Returns where it is, as a JSON pointer; empty: the record itself. */
        public String pointer() {
            return pointer;
        }

        /** Returns what is wrong with it. */
        public String detail() {
            return detail;
        }
    }

    /** Returns {@code json} as a record of {@code type}; as {@link #read(Class, JsonNode, Map)} with nothing given. */
    public static <T extends SpecificRecord> T read(Class<T> type, JsonNode json) {
        return read(type, json, Map.of());
    }

    /**
     * Returns {@code json} as a record of {@code type}.
     *
     * @param given fields whose values come from elsewhere, null among them; in {@code json} they are unknown
     * @throws WrongFieldException for a field that is unknown, missing or of another type
     */
    public static <T extends SpecificRecord> T read(Class<T> type, JsonNode json, Map<String, ?> given) {
        Schema schema = SpecificData.get().getSchema(type);
        return type.cast(record(schema, json, "", given));
    }

    private static Object record(Schema schema, JsonNode json, String where, Map<String, ?> given) {
        check(json.isObject(), where, "an object");
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (schema.getField(name) == null || given.containsKey(name)) {
                throw new WrongFieldException(step(where, name), "is not known here");
            }
        }
        SpecificRecord record =
                (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
        for (Schema.Field field : schema.getFields()) {
            String place = step(where, field.name());
            if (given.containsKey(field.name())) {
                record.put(field.pos(), given.get(field.name()));
                continue;
            }
            JsonNode value = json.get(field.name());
            if (value == null && !field.hasDefaultValue()) {
                throw new WrongFieldException(place, "is missing");
            }
            record.put(
                    field.pos(),
                    value == null ? SpecificData.get().getDefaultValue(field) : value(field.schema(), value, place));
        }
        return record;
    }

    private static Object value(Schema schema, JsonNode json, String where) {
        return switch (schema.getType()) {
            case RECORD -> record(schema, json, where, Map.of());
            case UNION -> json.isNull() ? null : value(present(schema, where), json, where);
            case ARRAY -> array(schema.getElementType(), json, where);
            case MAP -> map(schema.getValueType(), json, where);
            case ENUM -> symbol(schema, json, where);
            case STRING -> {
                check(json.isTextual(), where, "a text");
                yield json.textValue();
            }
            case BOOLEAN -> {
                check(json.isBoolean(), where, "true or false");
                yield json.booleanValue();
            }
            case INT -> {
                check(json.isIntegralNumber() && json.canConvertToInt(), where, "a whole number");
                yield json.intValue();
            }
            case LONG -> number(schema, json, where);
            case FIXED, BYTES, FLOAT, DOUBLE, NULL -> throw new WrongFieldException(where, "cannot be given in JSON");
        };
    }

    private static Object number(Schema schema, JsonNode json, String where) {
        if (schema.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            return time(json, where);
        }
        check(json.isIntegralNumber() && json.canConvertToLong(), where, "a whole number");
        return json.longValue();
    }

    // With its offset: a local time would be another one on the next machine.
    private static Instant time(JsonNode json, String where) {
        try {
            Instant time = OffsetDateTime.parse(json.asText()).toInstant();
            // What cannot be written as milliseconds fails here and not where it is written.
            return Instant.ofEpochMilli(time.toEpochMilli());
        } catch (DateTimeException | ArithmeticException malformed) {
            throw new WrongFieldException(where, "is not a time such as 2026-01-31T12:00:00Z");
        }
    }

    // Unions are of null and, after it, one other type.
    private static Schema present(Schema union, String where) {
        List<Schema> branches = union.getTypes();
        if (branches.size() != 2 || branches.get(0).getType() != Schema.Type.NULL) {
            throw new WrongFieldException(where, "cannot be given in JSON");
        }
        return branches.get(1);
    }

    private static List<Object> array(Schema element, JsonNode json, String where) {
        check(json.isArray(), where, "a list");
        List<Object> values = new ArrayList<>();
        json.forEach(value -> values.add(value(element, value, where + "/" + values.size())));
        return values;
    }

    private static Map<String, Object> map(Schema element, JsonNode json, String where) {
        check(json.isObject(), where, "an object");
        Map<String, Object> values = new LinkedHashMap<>();
        json.properties()
                .forEach(entry ->
                        values.put(entry.getKey(), value(element, entry.getValue(), step(where, entry.getKey()))));
        return values;
    }

    private static Object symbol(Schema schema, JsonNode json, String where) {
        check(json.isTextual() && schema.hasEnumSymbol(json.textValue()), where, "one of " + schema.getEnumSymbols());
        return SpecificData.get().createEnum(json.textValue(), schema);
    }

    /** Returns the JSON pointer of a member of what is at {@code where} (RFC 6901, section 3). */
    public static String step(String where, String name) {
        return where + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static void check(boolean right, String where, String wanted) {
        if (!right) {
            throw new WrongFieldException(where, "is not " + wanted);
        }
    }
}
