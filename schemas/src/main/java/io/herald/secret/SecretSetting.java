package io.herald.secret;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;

/** Secrets in files that a setting names. */
public final class SecretSetting {
    private SecretSetting() {}

    /**
     * Reads the files for the first time; later they are read anew when they change.
     *
     * @param key names the setting
     * @param missing what there is not if they are of no use, such as "No signing key"
     * @throws ConfigException if they are; it does not quote them
     */
    public static <T> SecretFiles<T> read(String key, List<Path> files, String missing, SecretFiles.Parser<T> parser) {
        try {
            return SecretFiles.read(files, parser);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            // Not its message, which may.
            throw new ConfigException(
                    key, files, missing + ": " + unusable.getClass().getSimpleName());
        }
    }
}
