package io.herald.sender.sms;

import com.twilio.exception.TwilioException;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import io.herald.schema.AddressEvent;
import io.herald.schema.AddressReported;
import io.herald.schema.ContactKind;
import io.herald.schema.Delivery;
import io.herald.sender.AddressReports;
import io.herald.sender.CallThreads;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;

/**
 * Sends through Twilio's Messages resource. An SMS has no title: its text is the template's body.
 *
 * <p>Twilio has no key that would make a repeat harmless, and nothing hides a second SMS: after {@link Outcome.Unknown}
 * a repeat is one.
 */
final class TwilioProvider implements Provider {
    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final long LEAST_SECONDS = 1;
    private static final long MOST_SECONDS = 36_000;

    private final TwilioConfig config;
    private final TwilioCredentials credentials;
    private final TwilioTransport transport;
    private final Countries countries;
    private final VelocityCaps caps;
    private final NumberBook numbers;
    private final ExecutorService threads;
    private final Clock clock;
    // Until there is one, an opt-out is told by the outcome alone.
    private volatile AddressReports reports = report -> CompletableFuture.completedFuture(null);

    /**
     * Connects nothing yet.
     *
     * @param numbers learns who was written to
     * @param callsMax how many calls there may be at a time: each keeps a connection and a thread
     * @param requestTimeout how long each may take
     */
    TwilioProvider(
            TwilioConfig config,
            TwilioCredentials credentials,
            NumberBook numbers,
            int callsMax,
            Duration requestTimeout,
            Clock clock) {
        this.config = config;
        this.credentials = credentials;
        this.numbers = numbers;
        this.transport = new TwilioTransport(config.url(), config.connectTimeout(), requestTimeout);
        this.countries = new Countries(config.countries());
        this.caps = new VelocityCaps(config.caps());
        this.threads = CallThreads.of("twilio", callsMax);
        this.clock = clock;
    }

    @Override
    public void reportTo(AddressReports given) {
        reports = given;
    }

    @Override
    public boolean inOrder() {
        return true;
    }

    /** Twilio's limits are in segments. */
    @Override
    public int weight(Delivery delivery) {
        return Math.max(1, Segments.of(delivery.getBody()).count());
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        Instant now = clock.instant();
        Optional<Outcome> refusal = refusal(delivery, now);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(refusal.get());
        }
        numbers.wrote(delivery);
        return CallThreads.call(threads, () -> call(delivery, now));
    }

    private Optional<Outcome> refusal(Delivery delivery, Instant now) {
        if (delivery.getSilent()) {
            return Optional.of(new Outcome.Rejected("an SMS cannot be silent"));
        }
        if (!E164.matcher(delivery.getAddress()).matches()) {
            return Optional.of(new Outcome.Rejected("not a number in E.164 form"));
        }
        if (delivery.getBody().isBlank()) {
            return Optional.of(new Outcome.Rejected("no text"));
        }
        int segments = Segments.of(delivery.getBody()).count();
        if (segments > config.maxSegments()) {
            return Optional.of(new Outcome.Rejected(segments + " segments, " + config.maxSegments() + " allowed"));
        }
        if (!countries.allows(delivery.getAddress())) {
            return Optional.of(new Outcome.Rejected("a country that is not allowed"));
        }
        return switch (caps.take(delivery.getAddress(), segments, now)) {
            case ALLOWED -> Optional.empty();
            case RANGE_HOUR -> Optional.of(new Outcome.Rejected("above the hourly cap of its range of numbers"));
            case RANGE_DAY -> Optional.of(new Outcome.Rejected("above the daily cap of its range of numbers"));
            case ACCOUNT_DAY -> Optional.of(Outcome.Misconfigured.ofAll("above the daily cap of the account"));
        };
    }

    private CompletionStage<Outcome> call(Delivery delivery, Instant now) {
        try {
            Message message = message(delivery, now).create(credentials.client(config.accountSid(), transport));
            return CompletableFuture.completedFuture(new Outcome.Accepted(message.getSid()));
        } catch (TwilioRefusal refusal) {
            Outcome outcome = TwilioErrors.refused(refusal.status(), refusal.code(), refusal.after());
            return refusal.code() == TwilioErrors.OPTED_OUT
                    ? reports.write(stopped(delivery)).thenApply(written -> outcome)
                    : CompletableFuture.completedFuture(outcome);
        } catch (UncheckedIOException lost) {
            return CompletableFuture.completedFuture(TwilioErrors.notAnswered(lost.getCause()));
        } catch (TwilioException unreadable) {
            // A success that is not a message: what took it is not known.
            return CompletableFuture.completedFuture(new Outcome.Unknown("an answer that cannot be read"));
        }
    }

    private MessageCreator message(Delivery delivery, Instant now) {
        PhoneNumber to = new PhoneNumber(delivery.getAddress());
        MessageCreator message = config.byService()
                ? Message.creator(to, config.from(), delivery.getBody())
                : Message.creator(to, new PhoneNumber(config.from()), delivery.getBody());
        long left = Duration.between(now, delivery.getExpiresAt()).toSeconds();
        message.setValidityPeriod((int) Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, left)));
        if (!config.publicUrl().isEmpty()) {
            message.setStatusCallback(CallbackRef.to(delivery).url(config.publicUrl()));
        }
        return message;
    }

    private static AddressReported stopped(Delivery delivery) {
        return AddressReported.newBuilder()
                .setTenant(delivery.getTenant())
                .setUser(delivery.getUser())
                .setKind(ContactKind.SMS)
                .setAddressId(delivery.getAddressId())
                .setEvent(AddressEvent.STOP)
                .setDetail(Integer.toString(TwilioErrors.OPTED_OUT))
                .build();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
