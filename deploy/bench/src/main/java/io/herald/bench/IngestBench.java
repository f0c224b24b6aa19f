package io.herald.bench;

import io.herald.ingest.IngestConfig.Rate;
import io.herald.ingest.KeysCommand;
import io.herald.local.Installation;
import io.herald.local.LocalPostgres;
import io.herald.local.Ports;
import io.herald.local.StateFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * {@code scripts/bench ingest}: events a second over HTTP, one or a hundred in a request, to those that a producer
 * writes directly. They take turns; medians are compared.
 */
final class IngestBench {
    private static final int BULK = 100;
    private static final int PLENTY = 1_000_000_000;
    private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m");

    private final boolean quick;
    private final PrintStream progress;

    IngestBench(boolean quick, PrintStream progress) {
        this.quick = quick;
        this.progress = progress;
    }

    Report run(Path folder) throws IOException {
        Report report = new Report();
        Machine.describe(report);
        report.note("quick", quick);
        try (Backbone backbone = new Backbone(folder);
                LocalPostgres postgres = new LocalPostgres(Installation.find(), StateFolder.at(folder), Ports.free())) {
            postgres.start();
            try (Child ingest = new Child("ingest", folder, HEAP, IngestProcess.class, settings(backbone, postgres))) {
                String port = ingest.ready();
                try (Child clients = new Child("clients", folder, HEAP, IngestClients.class, port, key(postgres));
                        Child direct = new Child(
                                "direct",
                                folder,
                                HEAP,
                                IngestDirect.class,
                                backbone.bootstrap(),
                                backbone.registryUrl())) {
                    clients.ready();
                    direct.ready();
                    measure(report, ingest, clients, direct);
                }
            }
        }
        report.note("load_after", Machine.load());
        return report;
    }

    private void measure(Report report, Child ingest, Child clients, Child direct) {
        int rounds = quick ? 3 : 5;
        int many = quick ? 200_000 : 1_000_000;
        int few = quick ? 20_000 : 100_000;
        progress.println("warming up");
        perSecond(direct, many);
        perSecond(clients, many, BULK);
        perSecond(clients, few, 1);
        double[] directly = new double[rounds];
        double[] bulk = new double[rounds];
        double[] single = new double[rounds];
        double[] micros = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            progress.printf("round %d of %d%n", round + 1, rounds);
            directly[round] = perSecond(direct, many);
            long cpu = ingest.cpu().toNanos();
            bulk[round] = perSecond(clients, many, BULK);
            micros[round] = (ingest.cpu().toNanos() - cpu) / 1e3 / many;
            single[round] = perSecond(clients, few, 1);
        }
        double base = Statistics.median(directly);
        report.row("direct_per_s", "events a second, written directly", base, "");
        report.row("http_bulk_per_s", "  over HTTP, 100 in a request", Statistics.median(bulk), "");
        report.row("http_single_per_s", "  over HTTP, one in a request", Statistics.median(single), "64 connections");
        report.row("http_over_direct", "HTTP to direct, 100 in a request", Statistics.median(bulk) / base, "");
        report.row("http_single_over_direct", "  one in a request", Statistics.median(single) / base, "");
        report.row("http_bulk_cpu_us", "processor time of ingest for an event, us", Statistics.median(micros), "");
    }

    private static double perSecond(Child child, int events) {
        return events * 1e9 / Long.parseLong(child.ask(Integer.toString(events)));
    }

    private static double perSecond(Child child, int events, int bulk) {
        return events * 1e9 / Long.parseLong(child.ask(Integer.toString(events), Integer.toString(bulk)));
    }

    private static String[] settings(Backbone backbone, LocalPostgres postgres) {
        return new String[] {
            "port=0",
            "health.port=0",
            "bootstrap.servers=" + backbone.bootstrap(),
            "schema.registry.url=" + backbone.registryUrl(),
            "database.url=" + postgres.jdbcUrl(),
            "database.user=" + postgres.user(),
            "database.password=" + postgres.password()
        };
    }

    private static String key(LocalPostgres postgres) {
        try (Connection connection = postgres.connect()) {
            return KeysCommand.create(
                    connection, IngestLoad.TENANT, "bench", Set.of("notifications:write"), new Rate(PLENTY, PLENTY));
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot make a key", failure);
        }
    }
}
