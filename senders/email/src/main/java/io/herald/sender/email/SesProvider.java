package io.herald.sender.email;

import io.herald.schema.Delivery;
import io.herald.schema.Route;
import io.herald.sender.CallThreads;
import io.herald.sender.Outcome;
import io.herald.sender.Provider;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.SesV2ClientBuilder;
import software.amazon.awssdk.services.sesv2.model.GetAccountRequest;
import software.amazon.awssdk.services.sesv2.model.SendEmailRequest;

/**
 * Sends through Amazon SES, v2 API.
 *
 * <p>SES has no key that would make a repeat harmless, and nothing hides a second mail: after {@link Outcome.Unknown} a
 * repeat is one.
 */
public final class SesProvider implements Provider {
    private static final int ACCOUNT_CALLS = 1;

    private final SesV2Client client;
    private final ExecutorService threads;
    private final SesMail mails;
    private final SesErrors errors;
    private final SesAccount account;
    private final Clock clock = Clock.systemUTC();

    /**
     * Connects nothing yet.
     *
     * @param callsMax how many calls there may be at a time: each keeps a connection and a thread
     * @param requestTimeout how long each may take
     */
    public SesProvider(SesConfig config, int callsMax, Duration requestTimeout) {
        SesV2ClientBuilder builder = SesV2Client.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(credentials(config))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(callsMax + ACCOUNT_CALLS)
                        .connectionTimeout(config.connectTimeout())
                        .connectionAcquisitionTimeout(requestTimeout)
                        .socketTimeout(requestTimeout))
                .overrideConfiguration(override -> override.apiCallTimeout(requestTimeout)
                        .apiCallAttemptTimeout(requestTimeout)
                        .retryStrategy(AwsRetryStrategy.doNotRetry()));
        if (config.url() != null) {
            builder.endpointOverride(config.url());
        }
        this.client = builder.build();
        this.threads = CallThreads.of("ses", callsMax);
        this.mails = new SesMail(
                config.fromAddress(),
                config.fromName(),
                config.configurationSet(),
                new UnsubscribeHeaders(config.unsubscribing()));
        this.errors = new SesErrors(config.fromAddress());
        this.account = new SesAccount(
                () -> client.getAccount(GetAccountRequest.builder().build()), clock, config.accountPoll());
        account.start();
    }

    @Override
    public CompletionStage<Outcome> send(Delivery delivery) {
        if (delivery.getSilent()) {
            return CompletableFuture.completedFuture(new Outcome.Rejected("a mail cannot be silent"));
        }
        Optional<SendEmailRequest> request = mails.request(delivery);
        if (request.isEmpty()) {
            return CompletableFuture.completedFuture(new Outcome.Rejected("not an address that SES takes"));
        }
        Optional<Outcome> obstacle = account.obstacle();
        if (obstacle.isPresent()) {
            return CompletableFuture.completedFuture(obstacle.get());
        }
        return CallThreads.call(threads, () -> CompletableFuture.completedFuture(call(request.get())));
    }

    private Outcome call(SendEmailRequest request) {
        try {
            return new Outcome.Accepted(client.sendEmail(request).messageId());
        } catch (SdkException failure) {
            return errors.outcome(failure, clock.instant());
        }
    }

    /** SES counts recipients, and each mail has one. */
    @Override
    public OptionalDouble allowedPerSecond() {
        return account.allowedPerSecond();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("herald.sender.quota.used", account, SesAccount::quotaUsed)
                .description("Which part of the provider's quota is used, 0 to 1, as it says; NaN until it does.")
                .tag("route", Route.EMAIL.name())
                .register(registry);
    }

    @Override
    public void close() {
        account.close();
        threads.shutdownNow();
        client.close();
    }

    private static AwsCredentialsProvider credentials(SesConfig config) {
        return config.keys() == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        config.keys().accessKeyId(), config.keys().secretAccessKey()));
    }
}
