package io.herald.topology.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a snapshot is of. Written last, so that a folder with a manifest is complete.
 *
 * @param kind how it came to be
 * @param at when the state was so, by the router's machine; ISO 8601
 * @param build version that took it
 * @param application application id of the router
 * @param mailboxTopicId Kafka's id of the mailbox
 * @param mailboxOffsets for each partition the offset of the first record that the state does not contain
 * @param changelogs settings of each store's changelog
 */
public record Manifest(
        String id,
        Kind kind,
        String at,
        String build,
        String application,
        String mailboxTopicId,
        List<Long> mailboxOffsets,
        Map<String, Map<String, String>> changelogs,
        List<Part> files) {

    static final String FILE = "manifest.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** How a snapshot came to be. */
    public enum Kind {
        /** At a checkpoint of a running system. */
        CUT,
        /** Of a system that had stopped with nothing left to do. */
        REST,
        /** Out of another one, for another number of partitions. */
        RECUT
    }

    /**
     * One file.
     *
     * @param sha256 of all of it, in hex
     */
    public record Part(String store, int partition, String name, long entries, long bytes, String sha256) {}

    /** Returns how many mailbox partitions the state is cut for. */
    public int partitions() {
        return mailboxOffsets.size();
    }

    Instant time() {
        return Instant.parse(at);
    }

    static Manifest read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return JSON.readValue(Files.readString(file), Manifest.class);
        } catch (JsonProcessingException broken) {
            throw new ToolRefusedException(file + " is damaged: " + broken.getOriginalMessage(), broken);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    void write(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Files.writeString(file, JSON.writeValueAsString(this) + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }
}
