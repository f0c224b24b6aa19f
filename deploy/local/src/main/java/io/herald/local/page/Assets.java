package io.herald.local.page;

import io.herald.websocket.WebFiles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The page's files and the client's, read once; there are no others, so no path can lead anywhere else. */
final class Assets {
    private static final Map<String, String> FILES = files();

    private Assets() {}

    static void mount(Router router) {
        WebFiles.all().values().stream()
                .filter(file -> file.path().startsWith(WebFiles.CLIENT))
                .forEach(file -> router.get(file.path())
                        .handler(context -> send(context, file.type(), Buffer.buffer(file.content()))));
        FILES.forEach((file, type) -> {
            Buffer content = read(file);
            router.get("/" + file).handler(context -> send(context, type, content));
            if (file.equals("index.html")) {
                router.get("/").handler(context -> {
                    if (!isMoved(context)) {
                        send(context, type, content);
                    }
                });
            }
        });
    }

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("index.html", "text/html; charset=utf-8");
        files.put("icon.svg", "image/svg+xml");
        for (String style : new String[] {"page", "phones", "inbox", "chats", "ledger", "mail"}) {
            files.put(style + ".css", "text/css; charset=utf-8");
        }
        for (String module : new String[] {
            "app",
            "api",
            "broadcast",
            "chats",
            "composer",
            "dom",
            "inbox",
            "ledger",
            "mailbox",
            "phones",
            "providers",
            "settings",
            "words"
        }) {
            files.put(module + ".js", "text/javascript; charset=utf-8");
        }
        return files;
    }

    private static void send(RoutingContext context, String type, Buffer content) {
        context.response().putHeader("Content-Type", type).end(content);
    }

    /** The gateway knows one origin only: who comes by another name of this machine is sent to that one. */
    private static boolean isMoved(RoutingContext context) {
        HostAndPort called = context.request().authority();
        if (called == null || called.host().equals(PageServer.HOST)) {
            return false;
        }
        context.response()
                .setStatusCode(307)
                .putHeader("Location", "http://" + PageServer.HOST + ":" + called.port() + "/")
                .end();
        return true;
    }

    private static Buffer read(String file) {
        try (InputStream stream = Assets.class.getResourceAsStream("/page/" + file)) {
            if (stream == null) {
                throw new IllegalStateException("the page has no " + file);
            }
            return Buffer.buffer(stream.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }
}
