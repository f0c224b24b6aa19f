package io.herald.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What Streams could take at most, exactly once: a topology that copies, and decides nothing. */
final class Passthrough implements AutoCloseable {
    private final Rig rig;
    private final Child process;
    private final Sending producer;

    Passthrough(Rig rig) {
        this.rig = rig;
        rig.create(List.of(PassthroughMain.FROM, PassthroughMain.TO), Map.of());
        Path state = rig.folder().resolve("passthrough");
        process = new Child(
                "passthrough",
                rig.folder(),
                List.of("-Xms512m", "-Xmx512m"),
                PassthroughMain.class,
                rig.bootstrap(),
                state.toString());
        producer = new Sending(rig, 5);
    }

    /** Sends events so many times, and returns how many a second came through. */
    double measure(List<byte[]> events, int times) {
        long start = System.nanoTime();
        for (int time = 0; time < times; time++) {
            producer.all(PassthroughMain.FROM, events);
        }
        rig.await(PassthroughMain.APPLICATION, rig.ends(List.of(PassthroughMain.FROM)));
        return (double) events.size() * times / ((System.nanoTime() - start) / 1e9);
    }

    @Override
    public void close() {
        producer.close();
        process.close();
    }
}
