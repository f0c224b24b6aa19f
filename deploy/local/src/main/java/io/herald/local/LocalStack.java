package io.herald.local;

import io.herald.local.Steps.Step;
import io.herald.local.page.DemoTokens;
import io.herald.local.story.Cast;
import io.herald.local.story.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Herald and everything that it needs, on one machine: what there is, what waits for what, and in which order it is
 * stopped.
 */
public final class LocalStack implements AutoCloseable {
    private final Progress progress;
    private final Ports ports;
    private final Infrastructure infrastructure;
    private final Simulators simulators;
    private final LocalHerald herald;
    private final LocalPage page;
    private boolean withHerald = true;

    /** Puts a stack together, with nothing started yet. */
    public LocalStack(Installation installation, StateFolder folder, Ports ports, Progress progress) {
        this.progress = progress;
        this.ports = ports;
        this.infrastructure = new Infrastructure(installation, folder, ports);
        this.simulators = new Simulators(ports);
        DemoTokens tokens = DemoTokens.in(folder.data("tokens"));
        this.herald = new LocalHerald(installation, folder, ports, infrastructure, simulators, tokens);
        this.page = new LocalPage(ports, infrastructure, simulators, herald.gateway(), tokens);
    }

    /**
     * Starts everything and waits until all of it serves.
     *
     * @throws StackException naming what does not start; {@link #close} ends the rest
     */
    public void start() {
        checkPorts();
        try (Steps steps = new Steps(progress)) {
            Step ground = infrastructure.start(steps);
            Step providers = steps.start("provider simulators", simulators);
            Step running = steps.start("Herald", herald, ground, providers);
            steps.run("the demo's cast", this::introduceCast, ground, providers);
            steps.start("page", page, running);
            steps.await();
        }
    }

    /**
     * Starts what Herald needs, for tools that want Herald itself stopped.
     *
     * @throws StackException naming what does not start; {@link #close} ends the rest
     */
    public void startWithoutHerald() {
        withHerald = false;
        checkPorts();
        infrastructure.start(progress);
    }

    private void checkPorts() {
        List<String> taken = ports.taken();
        if (!taken.isEmpty()) {
            throw new StackException(String.join("\n", taken));
        }
    }

    /**
     * Starts again what has died, and failed tasks of Connect. To be called every few seconds.
     *
     * @throws StackException if something does not come back
     */
    public void heal() {
        infrastructure.heal(progress);
        if (withHerald) {
            Infrastructure.restartIfDead("Herald", herald, progress);
        }
    }

    public Infrastructure infrastructure() {
        return infrastructure;
    }

    public Simulators simulators() {
        return simulators;
    }

    public LocalHerald herald() {
        return herald;
    }

    /** Returns the page's address. */
    public String page() {
        return page.where();
    }

    /** Returns what there is and where, a line each. */
    String describe() {
        List<String> lines = new ArrayList<>();
        if (withHerald) {
            lines.add(Infrastructure.line("page", page.where()));
            lines.add(Infrastructure.line("gateway", herald.where()));
            lines.add(Infrastructure.line("simulators", simulators.where()));
        }
        lines.addAll(infrastructure.describe());
        return String.join("\n", lines);
    }

    /** Stops everything that was started, what others depend on last. */
    @Override
    public void close() {
        for (Component component : List.of(page, herald, simulators)) {
            component.close();
        }
        infrastructure.close();
    }

    private String introduceCast() {
        try (Stage stage = new Stage(
                infrastructure.kafka().bootstrap(), infrastructure.registry().url())) {
            stage.introduceCast();
            stage.introduce(simulators.browsers(), simulators.chats());
            return Cast.members().size() + " users";
        }
    }
}
