package io.herald.bench;

/** How a client introduces itself to each of the servers, and knows that it was let in. */
enum SocketProtocol {
    HERALD("/v1/socket") {
        @Override
        String headers(String token) {
            return "Sec-WebSocket-Protocol: herald.v1, bearer." + token + "\r\n";
        }

        @Override
        String hello(String user) {
            return null;
        }

        @Override
        boolean isWelcome(String frame) {
            return frame.startsWith("{\"type\":\"welcome\"");
        }
    },
    /** Engine.IO 4 without its polling: open, then Socket.IO's connect to the default namespace. */
    SOCKET_IO("/socket.io/?EIO=4&transport=websocket") {
        @Override
        String headers(String token) {
            return "";
        }

        @Override
        String hello(String user) {
            return "40{\"user\":\"" + user + "\"}";
        }

        @Override
        boolean isWelcome(String frame) {
            return frame.startsWith("40");
        }

        @Override
        String answer(String frame) {
            return frame.equals("2") ? "3" : null;
        }
    },
    WS("/") {
        @Override
        String headers(String token) {
            return "";
        }

        @Override
        String hello(String user) {
            return user;
        }

        @Override
        boolean isWelcome(String frame) {
            return frame.equals("welcome");
        }
    };

    private final String path;

    SocketProtocol(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    /** Returns what the handshake has besides what every handshake has. */
    abstract String headers(String token);

    /** Returns what the client says first, or null if nothing. */
    abstract String hello(String user);

    abstract boolean isWelcome(String frame);

    /** Returns what a frame is to be answered by, or null if by nothing. */
    String answer(String frame) {
        return null;
    }
}
