package io.herald.sender.apns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.herald.sender.Reloaded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * The key to sign with, which may change: a {@code .p8} file, or a folder of those as Apple names them, with a key's id
 * in its file's name, so that key and id change together.
 */
final class ApnsKeys {
    /** In a folder with several keys: the id of the one to sign with. */
    static final String CHOICE = "key.id";

    private static final Pattern NAME = Pattern.compile("AuthKey_([A-Za-z0-9]{1,32})\\.p8");

    private ApnsKeys() {}

    /**
     * Reads the key, and again as it changes.
     *
     * @throws ConfigException if there is none
     */
    static Reloaded<ApnsSigningKey> of(ApnsConfig config, Duration interval) {
        Path path = config.keyFile();
        boolean folder = Files.isDirectory(path);
        if (!folder && config.keyId().isEmpty()) {
            throw new ConfigException(ApnsConfig.KEY_ID, "", "Needed beside a file; a folder's names tell the ids.");
        }
        try {
            return new Reloaded<>(
                    path,
                    interval,
                    files -> folder
                            ? chosen(files, config)
                            : key(files.values().iterator().next(), config.teamId(), config.keyId()));
        } catch (IOException | IllegalArgumentException unusable) {
            throw new ConfigException(ApnsConfig.KEY_FILE, path, "No signing key: " + unusable.getMessage());
        }
    }

    private static ApnsSigningKey chosen(Map<String, byte[]> files, ApnsConfig config) {
        Map<String, byte[]> keys = new TreeMap<>();
        files.forEach((name, content) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                keys.put(matcher.group(1), content);
            }
        });
        byte[] choice = files.get(CHOICE);
        String id;
        if (choice != null) {
            id = new String(choice, US_ASCII).strip();
        } else if (keys.size() == 1) {
            id = keys.keySet().iterator().next();
        } else {
            id = config.keyId();
        }
        if (!keys.containsKey(id)) {
            throw new IllegalArgumentException("needs one AuthKey_<id>.p8, or a file " + CHOICE + " that says which");
        }
        return key(keys.get(id), config.teamId(), id);
    }

    private static ApnsSigningKey key(byte[] content, String teamId, String keyId) {
        try {
            return ApnsSigningKey.loadFromInputStream(new ByteArrayInputStream(content), teamId, keyId);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException("not a .p8 file", unusable);
        }
    }
}
