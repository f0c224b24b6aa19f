package io.herald.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/** Reads a folder of {@code .avsc} files, which refer to one another. */
final class SchemaFolder {
    /** The schemas of this build. */
    static final Path CURRENT = Path.of("src/main/avro");

    private SchemaFolder() {}

    /** Returns the types of a folder by name, without the namespace that they all share. */
    static Map<String, Schema> read(Path folder) {
        SchemaParser parser = new SchemaParser();
        Map<String, Schema> types = new TreeMap<>();
        try {
            for (Path file : files(folder)) {
                parser.parse(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        parser.getParsedNamedSchemas().forEach(type -> types.put(type.getName(), type));
        return types;
    }

    /** Returns the files of a folder, sorted by name. */
    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".avsc"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
