package io.herald.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A number for each {@link Port}. */
public final class Ports {
    private final Map<Port, Integer> numbers;

    private Ports(Map<Port, Integer> numbers) {
        this.numbers = numbers;
    }

    /**
     * Returns the usual ports, but for those that {@code environment} moves.
     *
     * @throws StackException naming a variable that is not a port number
     */
    public static Ports from(Map<String, String> environment) {
        Map<Port, Integer> numbers = new EnumMap<>(Port.class);
        for (Port port : Port.values()) {
            String text = environment.get(port.variable());
            numbers.put(port, text == null ? port.usual() : parse(port.variable(), text));
        }
        return new Ports(numbers);
    }

    /** Returns ports that nobody listens on at this moment; for tests, which run side by side. */
    public static Ports free() {
        Map<Port, Integer> numbers = new EnumMap<>(Port.class);
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (Port port : Port.values()) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                numbers.put(port, socket.getLocalPort());
            }
            for (ServerSocket socket : held) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new Ports(numbers);
    }

    /** Returns the number of {@code port}. */
    public int of(Port port) {
        return numbers.get(port);
    }

    /** Returns {@code 127.0.0.1:<number>}. */
    public String address(Port port) {
        return "127.0.0.1:" + of(port);
    }

    /** Returns {@code http://127.0.0.1:<number>}. */
    public String url(Port port) {
        return "http://" + address(port);
    }

    /** Returns one line for each port that somebody listens on already; empty when all are free. */
    List<String> taken() {
        List<String> taken = new ArrayList<>();
        numbers.forEach((port, number) -> {
            if (!free(number)) {
                taken.add("port %d, for %s, is taken: stop what listens there, or set %s to another"
                        .formatted(number, port.owner(), port.variable()));
            }
        });
        return taken;
    }

    private static boolean free(int number) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }

    private static int parse(String variable, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0 && number < 65_536) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as for a number out of range.
        }
        throw new StackException(variable + " is not a port number: " + text);
    }
}
