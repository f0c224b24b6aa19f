package io.herald.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Finds what keeps two sets of schemas from reading one another's records. */
final class Compatibility {
    private Compatibility() {}

    /**
     * Returns one line a fault: a type gone, or one that cannot be read from old to new or from new to old.
     *
     * @param readersFirst types whose readers are upgraded before their writers, so that old readers never meet new
     *     ones
     */
    static List<String> faults(Map<String, Schema> old, Map<String, Schema> current, Set<String> readersFirst) {
        List<String> faults = new ArrayList<>();
        old.forEach((name, before) -> {
            Schema now = current.get(name);
            if (now == null) {
                faults.add(name + " is gone");
                return;
            }
            if (!canRead(now, before)) {
                faults.add(name + ": old records cannot be read by this build");
            }
            if (!readersFirst.contains(name) && !canRead(before, now)) {
                faults.add(name + ": this build's records cannot be read by an old one");
            }
        });
        return faults;
    }

    private static boolean canRead(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }
}
