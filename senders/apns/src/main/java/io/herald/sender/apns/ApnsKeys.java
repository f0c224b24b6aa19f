package io.herald.sender.apns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.herald.secret.SecretFiles;
import io.herald.secret.SecretSetting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;

/**
 * The key to sign with, which changes with its file, and its id, which may have a file of its own to change with it.
 */
final class ApnsKeys {
    private ApnsKeys() {}

    /**
     * Reads the key, and again as it changes.
     *
     * @throws ConfigException if there is none
     */
    static SecretFiles<ApnsSigningKey> of(ApnsConfig config) {
        List<Path> files =
                config.keyIdFile() == null ? List.of(config.keyFile()) : List.of(config.keyFile(), config.keyIdFile());
        return SecretSetting.read(ApnsConfig.KEY_FILE, files, "No signing key", contents -> key(contents, config));
    }

    private static ApnsSigningKey key(List<byte[]> contents, ApnsConfig config)
            throws IOException, GeneralSecurityException {
        String id = contents.size() == 1 ? config.keyId() : new String(contents.get(1), US_ASCII).strip();
        if (id.isEmpty()) {
            throw new IOException("no id");
        }
        return ApnsSigningKey.loadFromInputStream(new ByteArrayInputStream(contents.get(0)), config.teamId(), id);
    }
}
