package io.herald.bench;

import io.herald.schema.Route;
import java.util.ArrayList;
import java.util.List;

/** A sender and the client library that is inside it, or could be: they take turns at the same provider. */
final class Against {
    private final SenderStage stage;
    private final Route route;
    private final Child sender;
    private final Child bare;
    private final Child provider;
    private final List<String> settings;
    private final int inFlight;
    private final Before before;

    /** Called before each round with how many messages it has. */
    interface Before {
        void round(int count);
    }

    /** How fast one of them was, by its median round. */
    record Result(double perSecond, double micros, double brokerMicros, double providerMicros) {}

    /**
     * Sets them against each other.
     *
     * @param inFlight how many may be out, for both
     */
    Against(
            SenderStage stage,
            Route route,
            Child sender,
            Child bare,
            Child provider,
            List<String> settings,
            int inFlight,
            Before before) {
        this.stage = stage;
        this.route = route;
        this.sender = sender;
        this.bare = bare;
        this.provider = provider;
        this.settings = settings;
        this.inFlight = inFlight;
        this.before = before;
    }

    /** Sends so many through the library. */
    Result bare(int count) {
        before.round(count);
        long cpu = bare.cpu().toNanos();
        long its = provider.cpu().toNanos();
        double seconds = Long.parseLong(bare.ask("send", Integer.toString(count), Integer.toString(inFlight))) / 1e9;
        return new Result(
                (count - count / 10) / seconds,
                (bare.cpu().toNanos() - cpu) / 1e3 / count,
                0,
                (provider.cpu().toNanos() - its) / 1e3 / count);
    }

    /** Sends so many through the sender. */
    Result sender(int count) {
        before.round(count);
        long its = provider.cpu().toNanos();
        SenderStage.Pace pace = stage.run(sender, route, "bench-" + route, settings, count);
        return new Result(
                pace.perSecond(),
                pace.micros(),
                pace.brokerMicros(),
                (provider.cpu().toNanos() - its) / 1e3 / count);
    }

    /** Warms both up for some seconds each. */
    void warmUp(int bareCount, int senderCount, double seconds) {
        for (double spent = 0;
                spent < seconds;
                spent += bareCount / bare(bareCount).perSecond()) {
            stage.say("  warming up the library");
        }
        for (double spent = 0;
                spent < seconds;
                spent += senderCount / sender(senderCount).perSecond()) {
            stage.say("  warming up the sender");
        }
    }

    /** Lets them take turns, and returns the library's result and the sender's. */
    List<Result> rounds(int rounds, int bareCount, int senderCount) {
        List<Result> ofBare = new ArrayList<>();
        List<Result> ofSender = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ofBare.add(bare(bareCount));
            ofSender.add(sender(senderCount));
            stage.say("  round %d: library %,.0f/s, sender %,.0f/s, load %.1f"
                    .formatted(
                            round + 1,
                            ofBare.get(round).perSecond(),
                            ofSender.get(round).perSecond(),
                            Machine.load()));
        }
        return List.of(median(ofBare), median(ofSender));
    }

    private static Result median(List<Result> results) {
        return new Result(
                Statistics.median(
                        results.stream().mapToDouble(Result::perSecond).toArray()),
                Statistics.median(results.stream().mapToDouble(Result::micros).toArray()),
                Statistics.median(
                        results.stream().mapToDouble(Result::brokerMicros).toArray()),
                Statistics.median(
                        results.stream().mapToDouble(Result::providerMicros).toArray()));
    }
}
