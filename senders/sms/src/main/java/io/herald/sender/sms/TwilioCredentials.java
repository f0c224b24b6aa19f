package io.herald.sender.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.twilio.http.TwilioRestClient;
import com.twilio.security.RequestValidator;
import io.herald.secret.SecretFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;

/**
 * What Twilio knows us by, read from files again as they change: the account's auth tokens, which sign callbacks, and
 * an API key, with which messages are sent. Thread-safe.
 */
final class TwilioCredentials {
    private static final int MOST_TOKENS = 2;
    private static final int KEY_LINES = 2;

    private final Supplier<List<String>> tokens;
    private final Supplier<Login> login;
    private volatile Signed signed;
    private volatile Connected connected;

    /** A user and a password. */
    record Login(String user, String secret) {
        /** Keeps out the secret. */
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    private record Signed(List<String> tokens, List<RequestValidator> validators) {
        @Override
        public String toString() {
            return "Signed";
        }
    }

    private record Connected(Login login, TwilioRestClient client) {}

    /** Takes what each supplier says now; the same object for as long as nothing changes. */
    TwilioCredentials(Supplier<List<String>> tokens, Supplier<Login> login) {
        this.tokens = tokens;
        this.login = login;
    }

    /**
     * Reads the files for the first time.
     *
     * @param apiKey null for none: then the first auth token is used
     * @throws ConfigException if one cannot be read, or is not of the right form
     */
    static TwilioCredentials read(String accountSid, Path authTokens, Path apiKey) {
        SecretFiles<List<String>> tokens = secret(authTokens, TwilioCredentials::tokens);
        return new TwilioCredentials(
                tokens,
                apiKey == null
                        ? () -> new Login(accountSid, tokens.get().get(0))
                        : secret(apiKey, TwilioCredentials::key));
    }

    private interface Meaning<T> {
        T of(List<String> lines) throws IOException;
    }

    private static <T> SecretFiles<T> secret(Path file, Meaning<T> meaning) {
        try {
            return SecretFiles.read(
                    List.of(file),
                    contents -> meaning.of(new String(contents.get(0), UTF_8)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .toList()));
        } catch (IOException | GeneralSecurityException unusable) {
            throw new ConfigException(
                    "Cannot use " + file + ": " + unusable.getClass().getSimpleName() + " " + unusable.getMessage());
        }
    }

    private static List<String> tokens(List<String> lines) throws IOException {
        if (lines.isEmpty() || lines.size() > MOST_TOKENS) {
            throw new IOException("needs one auth token in a line, or two");
        }
        return lines;
    }

    private static Login key(List<String> lines) throws IOException {
        if (lines.size() != KEY_LINES || !lines.get(0).startsWith("SK")) {
            throw new IOException("needs an API key's SID (SK...) in one line, and its secret in the next");
        }
        return new Login(lines.get(0), lines.get(1));
    }

    /** Returns a check for each auth token that callbacks may be signed with. */
    List<RequestValidator> validators() {
        List<String> now = tokens.get();
        Signed known = signed;
        if (known == null || !known.tokens().equals(now)) {
            known = new Signed(now, now.stream().map(RequestValidator::new).toList());
            signed = known;
        }
        return known.validators();
    }

    /** Returns a client that logs in with what is in the files now. */
    TwilioRestClient client(String accountSid, TwilioTransport transport) {
        Login now = login.get();
        Connected known = connected;
        if (known == null || !known.login().equals(now)) {
            TwilioRestClient client = new TwilioRestClient.Builder(now.user(), now.secret())
                    .accountSid(accountSid)
                    .httpClient(transport)
                    .build();
            known = new Connected(now, client);
            connected = known;
        }
        return known.client();
    }
}
