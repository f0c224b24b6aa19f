package io.herald.topology.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads a record from JSON as people write it: what is left out has its default, and a value that may be absent is
 * written as it is. (Avro's own JSON wants every field, and the branch of each union named.)
 */
final class PlainJson {
    private PlainJson() {}

    /**
     * Returns {@code json} as a record of {@code type}.
     *
     * @throws IllegalArgumentException naming the field that is unknown, missing or of another type
     */
    static <T extends SpecificRecord> T read(Class<T> type, JsonNode json) {
        Schema schema = SpecificData.get().getSchema(type);
        return type.cast(record(schema, json, type.getSimpleName()));
    }

    private static Object record(Schema schema, JsonNode json, String where) {
        check(json.isObject(), where, "an object");
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (schema.getField(name) == null) {
                throw new IllegalArgumentException(where + " has no field " + name);
            }
        }
        SpecificRecord record =
                (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
        for (Schema.Field field : schema.getFields()) {
            String place = where + "." + field.name();
            JsonNode value = json.get(field.name());
            if (value == null && !field.hasDefaultValue()) {
                throw new IllegalArgumentException(place + " is missing");
            }
            record.put(
                    field.pos(),
                    value == null ? SpecificData.get().getDefaultValue(field) : value(field.schema(), value, place));
        }
        return record;
    }

    private static Object value(Schema schema, JsonNode json, String where) {
        return switch (schema.getType()) {
            case RECORD -> record(schema, json, where);
            case UNION -> json.isNull() ? null : value(present(schema, where), json, where);
            case ARRAY -> array(schema.getElementType(), json, where);
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
            case LONG -> {
                check(json.isIntegralNumber() && json.canConvertToLong(), where, "a whole number");
                yield json.longValue();
            }
            case MAP, FIXED, BYTES, FLOAT, DOUBLE, NULL ->
                throw new IllegalArgumentException(where + " cannot be given in JSON");
        };
    }

    // Unions are of null and one other type.
    private static Schema present(Schema union, String where) {
        List<Schema> others = union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (others.size() != 1) {
            throw new IllegalArgumentException(where + " cannot be given in JSON");
        }
        return others.get(0);
    }

    private static List<Object> array(Schema element, JsonNode json, String where) {
        check(json.isArray(), where, "a list");
        List<Object> values = new ArrayList<>();
        json.forEach(value -> values.add(value(element, value, where + "[" + values.size() + "]")));
        return values;
    }

    private static Object symbol(Schema schema, JsonNode json, String where) {
        check(json.isTextual() && schema.hasEnumSymbol(json.textValue()), where, "one of " + schema.getEnumSymbols());
        return SpecificData.get().createEnum(json.textValue(), schema);
    }

    private static void check(boolean right, String where, String wanted) {
        if (!right) {
            throw new IllegalArgumentException(where + " is not " + wanted);
        }
    }
}
