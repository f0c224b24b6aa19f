package io.herald.local;

import io.herald.local.page.DemoTokens;
import io.herald.local.page.PageConfig;
import io.herald.local.page.PageServer;
import java.net.URI;

/** The page, in this process. */
final class LocalPage implements Component {
    private final Ports ports;
    private final Infrastructure infrastructure;
    private final Simulators simulators;
    private final URI gateway;
    private final DemoTokens tokens;
    private PageServer server;

    LocalPage(Ports ports, Infrastructure infrastructure, Simulators simulators, String gateway, DemoTokens tokens) {
        this.ports = ports;
        this.infrastructure = infrastructure;
        this.simulators = simulators;
        this.gateway = URI.create(gateway);
        this.tokens = tokens;
    }

    @Override
    public synchronized void start() {
        LocalPostgres postgres = infrastructure.postgres();
        server = PageServer.start(
                new PageConfig(
                        ports.of(Port.PAGE),
                        infrastructure.kafka().bootstrap(),
                        infrastructure.registry().url(),
                        new PageConfig.Database(postgres.jdbcUrl(), postgres.user(), postgres.password()),
                        gateway,
                        tokens),
                simulators.arrivals(),
                simulators.providers(),
                simulators::reply);
    }

    @Override
    public boolean alive() {
        return true; // It lives and dies with this process.
    }

    @Override
    public String where() {
        return ports.url(Port.PAGE);
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
        }
    }
}
