package io.herald.topology.intake;

import io.herald.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, from a thread of its own, how far the router is behind in each partition of the mailbox. While it cannot be
 * asked the lag counts as long, so that nothing is handed out on a guess.
 */
public final class RouterLag implements RouterLagReading, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterLag.class);
    private static final long INTERVAL_MS = 50;
    private static final Duration UNKNOWN = Duration.ofDays(1);

    private final Admin admin;
    private final String routerGroup;
    private final List<LagEstimate> estimates = new ArrayList<>();
    private final ScheduledExecutorService sampling;
    private final Future<?> samples;
    private volatile List<Duration> lags;
    // Of the sampling thread; so that one outage is logged once.
    private boolean known;

    public RouterLag(Admin admin, String routerGroup, int partitions) {
        this.admin = admin;
        this.routerGroup = routerGroup;
        IntStream.range(0, partitions).forEach(partition -> estimates.add(new LagEstimate()));
        this.lags =
                IntStream.range(0, partitions).mapToObj(partition -> UNKNOWN).toList();
        this.sampling = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "router-lag");
            thread.setDaemon(true);
            return thread;
        });
        this.samples = sampling.scheduleWithFixedDelay(this::sample, 0, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public Duration of(int partition) {
        return lags.get(partition);
    }

    @Override
    public int partitions() {
        return estimates.size();
    }

    @Override
    public void close() {
        samples.cancel(true);
        sampling.shutdownNow();
    }

    private void sample() {
        try {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int partition = 0; partition < estimates.size(); partition++) {
                latest.put(new TopicPartition(Topics.MAILBOX.name(), partition), OffsetSpec.latest());
            }
            Map<TopicPartition, Long> ends = admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(routerGroup)
                    .partitionsToOffsetAndMetadata()
                    .get();
            long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            List<Duration> next = new ArrayList<>();
            for (int partition = 0; partition < estimates.size(); partition++) {
                TopicPartition at = new TopicPartition(Topics.MAILBOX.name(), partition);
                OffsetAndMetadata position = committed.get(at);
                LagEstimate estimate = estimates.get(partition);
                estimate.sample(now, ends.get(at), position == null ? 0 : position.offset());
                next.add(estimate.at(now));
            }
            lags = List.copyOf(next);
            known = true;
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException failure) {
            lags = lags.stream().map(lag -> UNKNOWN).toList();
            if (known) {
                LOG.warn("The router's lag is not known: {}", failure.toString());
            }
            known = false;
        }
    }
}
