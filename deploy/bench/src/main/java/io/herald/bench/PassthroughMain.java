package io.herald.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * The process of a bare Streams application, {@code exactly_once_v2} with the router's settings: from one topic to
 * another, and nothing else.
 */
final class PassthroughMain {
    static final String APPLICATION = "bench-passthrough";
    static final String FROM = "bench.passthrough.in";
    static final String TO = "bench.passthrough.out";

    private PassthroughMain() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        Topology topology = new Topology();
        topology.addSource("read", new ByteArrayDeserializer(), new ByteArrayDeserializer(), FROM);
        topology.addSink("write", TO, new ByteArraySerializer(), new ByteArraySerializer(), "read");
        KafkaStreams streams = new KafkaStreams(topology, settings(arguments[0], arguments[1]));
        streams.start();
        new Orders(System.out).obey(order -> streams.state().name());
        streams.close(Duration.ofSeconds(10));
        System.exit(0);
    }

    private static Properties settings(String bootstrap, String folder) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 25);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
        return settings;
    }
}
