package io.herald.sender.sms;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.herald.sender.ProviderUrl;
import io.herald.sender.callback.CallbackConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an operator can set on the SMS sender, beside the keys of every sender and of callbacks.
 *
 * @param accountSid see {@value #ACCOUNT_SID}
 * @param authTokens see {@value #AUTH_TOKENS_FILE}
 * @param apiKey see {@value #API_KEY_FILE}; null for none
 * @param from see {@value #FROM}
 * @param countries see {@value #COUNTRIES}
 * @param maxSegments see {@value #SEGMENTS_MAX}
 * @param caps see {@value #PREFIX_DIGITS} and what follows it
 * @param url see {@value #URL}
 * @param connectTimeout see {@value #CONNECT_TIMEOUT_MS}
 * @param publicUrl where callbacks are heard, by this process or another; empty for nowhere
 */
record TwilioConfig(
        String accountSid,
        Path authTokens,
        Path apiKey,
        String from,
        List<String> countries,
        int maxSegments,
        VelocityCaps.Limits caps,
        URI url,
        Duration connectTimeout,
        String publicUrl) {
    static final String ACCOUNT_SID = "twilio.account.sid";
    static final String AUTH_TOKENS_FILE = "twilio.auth.tokens.file";
    static final String API_KEY_FILE = "twilio.api.key.file";
    static final String FROM = "twilio.from";
    static final String URL = "twilio.url";
    static final String CONNECT_TIMEOUT_MS = "twilio.connect.timeout.ms";
    static final String COUNTRIES = "sms.countries";
    static final String SEGMENTS_MAX = "sms.segments.max";
    static final String PREFIX_DIGITS = "sms.cap.prefix.digits";
    static final String PREFIX_HOUR = "sms.cap.prefix.segments.per.hour";
    static final String PREFIX_DAY = "sms.cap.prefix.segments.per.day";
    static final String ACCOUNT_DAY = "sms.cap.account.segments.per.day";

    /** The keys. */
    static final ConfigDef DEF = CallbackConfig.define(new ConfigDef())
            .define(ACCOUNT_SID, STRING, NO_DEFAULT_VALUE, HIGH, "Twilio account, AC and 32 digits.")
            .define(
                    AUTH_TOKENS_FILE,
                    STRING,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "File with the account's auth token in a line, and while it is changed the other in a second."
                            + " Callbacks may be signed with either. Read again as it changes.")
            .define(
                    API_KEY_FILE,
                    STRING,
                    "",
                    HIGH,
                    "File with an API key: its SID in a line, its secret in the next. Read again as it changes. If"
                            + " empty, messages are sent with the first auth token.")
            .define(
                    FROM,
                    STRING,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "Who sends: a number (+1...), an alphanumeric sender, or a messaging service (MG...).")
            .define(
                    COUNTRIES,
                    LIST,
                    NO_DEFAULT_VALUE,
                    HIGH,
                    "Where messages may go, by beginnings of numbers: +49,+1,!+1876. The longest decides, and what is"
                            + " not listed is rejected.")
            .define(
                    SEGMENTS_MAX,
                    INT,
                    10,
                    between(1, 24),
                    MEDIUM,
                    "Messages that take more segments are rejected. 10 are 1,530 plain characters, or 670 others.")
            .define(
                    PREFIX_DIGITS,
                    INT,
                    6,
                    between(1, 14),
                    MEDIUM,
                    "How many digits, of the country code too, make a range of numbers.")
            .define(
                    PREFIX_HOUR,
                    INT,
                    500,
                    between(0, Integer.MAX_VALUE),
                    MEDIUM,
                    "Segments to one range within an hour. What is above is rejected. 0 for any number.")
            .define(
                    PREFIX_DAY,
                    INT,
                    2_000,
                    between(0, Integer.MAX_VALUE),
                    MEDIUM,
                    "Segments to one range within a day. What is above is rejected. 0 for any number.")
            .define(
                    ACCOUNT_DAY,
                    INT,
                    100_000,
                    between(0, Integer.MAX_VALUE),
                    MEDIUM,
                    "Segments within a day. Above it the sender stops, as if its account were suspended. 0 for any"
                            + " number.")
            .define(
                    URL,
                    STRING,
                    "https://api.twilio.com",
                    LOW,
                    "Where Twilio is, for another region or a simulator. Plain http on loopback only.")
            .define(
                    CONNECT_TIMEOUT_MS,
                    LONG,
                    5_000L,
                    between(10, 60_000),
                    LOW,
                    "How long connecting may take. Past it the delivery is handed back, to be tried again.");

    /**
     * Reads and checks {@code properties}, ignoring the keys of others.
     *
     * @throws ConfigException naming the first key that is missing or has a wrong value
     */
    static TwilioConfig from(Map<String, String> properties) {
        AbstractConfig values = new AbstractConfig(DEF, properties, false);
        String account = values.getString(ACCOUNT_SID);
        if (!account.matches("AC[0-9a-fA-F]{32}")) {
            throw new ConfigException(ACCOUNT_SID, account, "Needs to be AC and 32 hexadecimal digits.");
        }
        List<String> countries = values.getList(COUNTRIES);
        try {
            Countries unused = new Countries(countries);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigException(COUNTRIES, countries, malformed.getMessage());
        }
        String key = values.getString(API_KEY_FILE);
        return new TwilioConfig(
                account,
                Path.of(values.getString(AUTH_TOKENS_FILE)),
                key.isEmpty() ? null : Path.of(key),
                from(values.getString(FROM)),
                List.copyOf(countries),
                values.getInt(SEGMENTS_MAX),
                new VelocityCaps.Limits(
                        values.getInt(PREFIX_DIGITS),
                        values.getInt(PREFIX_HOUR),
                        values.getInt(PREFIX_DAY),
                        values.getInt(ACCOUNT_DAY)),
                ProviderUrl.parse(URL, values.getString(URL)),
                Duration.ofMillis(values.getLong(CONNECT_TIMEOUT_MS)),
                CallbackConfig.from(properties).publicUrl());
    }

    /** Returns whether a messaging service sends, which picks the number by itself. */
    boolean byService() {
        return from.startsWith("MG");
    }

    private static String from(String from) {
        if (!from.matches("\\+?\\d{3,15}|MG[0-9a-fA-F]{32}|[A-Za-z0-9 &._-]{1,11}")) {
            throw new ConfigException(FROM, from, "Not a number, an alphanumeric sender or a messaging service.");
        }
        return from;
    }
}
