package io.herald.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API key, {@code hk_<id>_<secret>}. The prefix lets scanners of repositories find one that was published.
 *
 * <p>The secret is 256 bits of a {@link SecureRandom}, so SHA-256 keeps it: slow hashes such as bcrypt make up for
 * passwords that can be guessed, and nobody guesses this; they would only make each check slow.
 */
record ApiKey(String id, String secret) {
    static final String PREFIX = "hk_";

    private static final Pattern FORM = Pattern.compile("hk_([0-9a-f]{16})_([0-9a-f]{64})");
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;

    static ApiKey random(SecureRandom random) {
        return new ApiKey(hex(random, ID_BYTES), hex(random, SECRET_BYTES));
    }

    static Optional<ApiKey> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new ApiKey(form.group(1), form.group(2))) : Optional.empty();
    }

    /** Returns what is kept of the secret. */
    byte[] hash() {
        return Sha256.of(secret.getBytes(US_ASCII));
    }

    /** Returns the key as its holder sends it. */
    String text() {
        return PREFIX + id + "_" + secret;
    }

    private static String hex(SecureRandom random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    /** Keeps out the secret. */
    @Override
    public String toString() {
        return "ApiKey[" + id + "]";
    }
}
