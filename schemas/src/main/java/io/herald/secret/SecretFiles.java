package io.herald.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret in one or more files, such as a key and its id, which may be replaced while the process runs.
 *
 * <p>Every {@value #EVERY_SECONDS} seconds of use the files are read again. What changed is taken when two readings in
 * a row agree, so that nothing half-written is, nor a new key with the id of the old. What cannot be read or understood
 * is logged once, and the secret of before stays: a slip in rotation stops nobody. Thread-safe.
 *
 * @param <T> what the files mean
 */
public final class SecretFiles<T> implements Supplier<T> {
    static final int EVERY_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);
    private static final long EVERY = Duration.ofSeconds(EVERY_SECONDS).toNanos();

    private final List<Path> files;
    private final Parser<T> parser;
    private final LongSupplier nanos;
    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile T secret;
    private volatile long checked;
    // Guarded by `checking`.
    private byte[] taken;
    private byte[] seen;
    private boolean complained;

    private SecretFiles(List<Path> files, Parser<T> parser, LongSupplier nanos)
            throws IOException, GeneralSecurityException {
        this.files = List.copyOf(files);
        this.parser = parser;
        this.nanos = nanos;
        this.checked = nanos.getAsLong();
        List<byte[]> contents = read();
        this.secret = parser.parse(contents);
        this.taken = fingerprint(contents);
        this.seen = taken;
    }

    /**
     * Says what files mean.
     *
     * @param <T> what they mean
     */
    public interface Parser<T> {
        /**
         * Returns the secret in the files' contents, one for each file.
         *
         * @throws IOException if they make no sense; the message must not quote them
         * @throws GeneralSecurityException if they are no key; the message must not quote them
         */
        T parse(List<byte[]> contents) throws IOException, GeneralSecurityException;
    }

    /**
     * Reads the files for the first time.
     *
     * @throws IOException if one cannot be read, or makes no sense
     * @throws GeneralSecurityException if one is no key
     */
    public static <T> SecretFiles<T> read(List<Path> files, Parser<T> parser)
            throws IOException, GeneralSecurityException {
        return read(files, parser, System::nanoTime);
    }

    static <T> SecretFiles<T> read(List<Path> files, Parser<T> parser, LongSupplier nanos)
            throws IOException, GeneralSecurityException {
        return new SecretFiles<>(files, parser, nanos);
    }

    /** Returns the secret; the same object for as long as the files are the same. */
    @Override
    public T get() {
        if (nanos.getAsLong() - checked >= EVERY && checking.compareAndSet(false, true)) {
            try {
                check();
            } finally {
                checked = nanos.getAsLong();
                checking.set(false);
            }
        }
        return secret;
    }

    private void check() {
        try {
            List<byte[]> contents = read();
            byte[] fingerprint = fingerprint(contents);
            boolean settled = MessageDigest.isEqual(fingerprint, seen);
            seen = fingerprint;
            if (settled && !MessageDigest.isEqual(fingerprint, taken)) {
                secret = parser.parse(contents);
                taken = fingerprint;
                LOG.info("Took the new secret of {}", files);
            }
            complained = false;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            if (!complained) {
                complained = true;
                LOG.error(
                        "The old secret stays, as the new one of {} is none: {}",
                        files,
                        unusable.getClass().getSimpleName());
            }
        }
    }

    private List<byte[]> read() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(Files.readAllBytes(file));
        }
        return contents;
    }

    private static byte[] fingerprint(List<byte[]> contents) throws GeneralSecurityException {
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        for (byte[] content : contents) {
            all.update(MessageDigest.getInstance("SHA-256").digest(content));
        }
        return all.digest();
    }
}
