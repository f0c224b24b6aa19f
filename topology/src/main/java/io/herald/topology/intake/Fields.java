package io.herald.topology.intake;

import static io.herald.topology.intake.RefusedException.invalid;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.herald.schema.Frequency;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks single fields against the bounds that the schemas' docs state. What is text for people is cleaned; what names
 * something is refused when it is not clean, because cleaning could turn one name into another. Lengths are in code
 * points.
 */
final class Fields {
    static final int LAST_MINUTE_OF_DAY = 24 * 60 - 1;

    private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern WORD = Pattern.compile("[a-z0-9._-]{1,64}");
    // RFC 5321 allows more than anyone uses; a provider refuses what is still wrong.
    private static final Pattern EMAIL =
            Pattern.compile("[^\\s@<>(),;:\"\\[\\]\\\\]{1,64}@[^\\s@<>(),;:\"\\[\\]\\\\]{1,255}");
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private static final Pattern PATH = Pattern.compile("[a-z0-9._-]++(/[a-z0-9._-]++){0,7}+");
    private static final int LONGEST_PATH = 200;
    private static final int LONGEST_ENDPOINT = 1_000;
    private static final int MOST_LINK_BYTES = 2_048;
    // Not what ZoneId.of takes: an offset such as +02:00 knows no summer.
    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());

    private static final Pattern BREAKS = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");
    // Links end up in pages and mails, where these would run.
    private static final Set<String> RUNNING = Set.of("javascript", "vbscript", "data");

    private Fields() {}

    static String tenant(String value) {
        return matching(TENANT, "tenant", value, "1 to 32 characters of a-z, 0-9 and '-'");
    }

    static String word(String field, String value) {
        return matching(WORD, field, value, "1 to 64 characters of a-z, 0-9, '-', '.' and '_'");
    }

    /** A name of something: not changed, only accepted or refused. */
    static String name(String field, String value, int most) {
        if (value == null || value.isBlank()) {
            throw invalid(field, "is empty");
        }
        if (length(value) > most) {
            throw invalid(field, "is longer than " + most + " characters");
        }
        if (!Cleaning.isPlain(value)) {
            throw invalid(field, "has control characters");
        }
        return value;
    }

    static String optionalName(String field, String value, int most) {
        return value == null ? null : name(field, value, most);
    }

    /** A text for people: cleaned, refused when too long. */
    static String text(String field, String value, int most) {
        if (value == null) {
            return null;
        }
        String clean = Cleaning.clean(value);
        if (length(clean) > most) {
            throw invalid(field, "is longer than " + most + " characters");
        }
        return clean;
    }

    /** A text for people that has no breaks: it may end up in the header of a mail. */
    static String line(String field, String value, int most) {
        return value == null
                ? null
                : text(field, BREAKS.matcher(value).replaceAll(" ").strip(), most);
    }

    static String link(String field, String value) {
        if (value == null) {
            return null;
        }
        String link = name(field, value, MOST_LINK_BYTES);
        // Bytes, not characters: with its link a push has to fit into 4 KB.
        if (link.getBytes(UTF_8).length > MOST_LINK_BYTES) {
            throw invalid(field, "is longer than " + MOST_LINK_BYTES + " bytes");
        }
        try {
            String scheme = new URI(link).getScheme();
            if (scheme == null) {
                throw invalid(field, "is not an absolute URI");
            }
            if (RUNNING.contains(scheme.toLowerCase(Locale.ROOT))) {
                throw invalid(field, "is a script and not a place");
            }
        } catch (URISyntaxException notOne) {
            throw invalid(field, "is not a URI");
        }
        return link;
    }

    static String locale(String field, String value) {
        if (value == null) {
            return null;
        }
        try {
            String tag = new Locale.Builder().setLanguageTag(value).build().toLanguageTag();
            if (tag.equals("und") || tag.length() > 35) {
                throw invalid(field, "is not a BCP 47 language tag");
            }
            return tag;
        } catch (IllformedLocaleException notOne) {
            throw invalid(field, "is not a BCP 47 language tag");
        }
    }

    static String email(String field, String value) {
        return matching(EMAIL, field, name(field, value, 320), "an e-mail address");
    }

    /** A URL that notifications are posted to: https, with a host and without a user. */
    static String endpoint(String field, String value) {
        if (value.length() > LONGEST_ENDPOINT) {
            throw invalid(field, "is longer than " + LONGEST_ENDPOINT + " characters");
        }
        try {
            URI url = new URI(value);
            if ("https".equalsIgnoreCase(url.getScheme())
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getFragment() == null) {
                return value;
            }
        } catch (URISyntaxException malformed) {
            throw invalid(field, "is not a URL");
        }
        throw invalid(field, "is not an https URL with a host, without user and fragment");
    }

    static String phone(String field, String value) {
        return matching(E164, field, value, "a number in E.164 form");
    }

    static String optionalWord(String field, String value) {
        return value == null ? null : word(field, value);
    }

    /** A topic that users subscribe to: words with slashes between them. */
    static String path(String field, String value) {
        if (value != null && value.length() > LONGEST_PATH) {
            throw invalid(field, "is longer than " + LONGEST_PATH + " characters");
        }
        return matching(PATH, field, value, "1 to 8 words of a-z, 0-9, '-', '.' and '_' with '/' between them");
    }

    static String optionalPath(String field, String value) {
        return value == null ? null : path(field, value);
    }

    static String zone(String field, String value) {
        if (value != null && !ZONES.contains(value)) {
            throw invalid(field, "is not an IANA time zone such as Europe/Berlin");
        }
        return value;
    }

    /** Checks the minute at which something is due: of the day, or of the hour. */
    static void minute(String field, int minute, Frequency frequency) {
        int last =
                switch (frequency) {
                    case HOURLY -> 59;
                    case IMMEDIATE, WINDOW, DAILY, WEEKLY -> LAST_MINUTE_OF_DAY;
                };
        within(field, minute, 0, last);
    }

    static void within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw invalid(field, "is not from " + least + " to " + most);
        }
    }

    /** A time in milliseconds, where there may be none. */
    static void within(String field, Long millis, Duration least, Duration most) {
        if (millis != null) {
            within(field, millis.longValue(), least.toMillis(), most.toMillis());
        }
    }

    /** A list whose order matters: not changed, but refused when it has something twice. */
    static <T> List<T> distinct(String field, List<T> values, int most) {
        if (new HashSet<>(atMost(field, values, most)).size() < values.size()) {
            throw invalid(field, "has something twice");
        }
        return values;
    }

    static <T> List<T> atMost(String field, List<T> values, int most) {
        if (values.size() > most) {
            throw invalid(field, "has more than " + most + " entries");
        }
        return values;
    }

    static int length(String value) {
        return value.codePointCount(0, value.length());
    }

    private static String matching(Pattern pattern, String field, String value, String wanted) {
        if (value == null || !pattern.matcher(value).matches()) {
            throw invalid(field, "is not " + wanted);
        }
        return value;
    }
}
