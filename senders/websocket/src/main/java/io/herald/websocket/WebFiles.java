package io.herald.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What browsers load: the client with its bell, and the preference centre. Read once; there are no others, so no path
 * can lead anywhere else.
 */
public final class WebFiles {
    /** Where the client's modules are, for pages of any origin. */
    public static final String CLIENT = "/client/";
    /** Where the preference centre is. */
    public static final String PREFERENCES = "/preferences";

    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final Map<String, WebFile> FILES = Stream.concat(
                    Stream.of(
                                    "acts",
                                    "ago",
                                    "backoff",
                                    "bell-row",
                                    "bell-style",
                                    "bell-words",
                                    "connection",
                                    "element",
                                    "herald-bell",
                                    "herald-preferences",
                                    "inbox-client",
                                    "items",
                                    "links",
                                    "preferences-model",
                                    "preferences-sections",
                                    "preferences-style",
                                    "preferences-words",
                                    "rest",
                                    "theme",
                                    "timers")
                            .map(module -> CLIENT + module + ".js")
                            .map(path -> read(path, path, SCRIPT)),
                    Stream.of(
                            read(PREFERENCES, "/pages/preferences.html", "text/html; charset=utf-8"),
                            read(PREFERENCES + ".js", "/pages/preferences.js", SCRIPT),
                            read(PREFERENCES + ".css", "/pages/preferences.css", "text/css; charset=utf-8")))
            .collect(Collectors.toUnmodifiableMap(WebFile::path, Function.identity()));

    private WebFiles() {}

    /**
     * A file.
     *
     * @param path where it is served
     * @param type of its content
     * @param tag of its content, as {@code ETag} wants it
     */
    public record WebFile(String path, String type, String tag, String content) {}

    /** Returns all files, by path. */
    public static Map<String, WebFile> all() {
        return FILES;
    }

    private static WebFile read(String path, String resource, String type) {
        try (InputStream stream = WebFiles.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("there is no " + resource);
            }
            byte[] content = stream.readAllBytes();
            return new WebFile(path, type, tag(content), new String(content, StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + resource, failure);
        }
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
