package io.herald.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.local.Installation;
import io.herald.local.LocalStack;
import io.herald.local.Ports;
import io.herald.local.Progress;
import io.herald.local.StateFolder;
import io.herald.local.story.Cast;
import io.herald.schema.NotificationRequested;
import io.herald.testkit.NodeScripts;
import io.herald.topic.Topics;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bell and the preference centre in a real browser, on the whole local stack. What a browser does with them nothing
 * else can show, so where there is none this fails.
 */
@Timeout(300)
class BellIT {
    private static final Logger LOG = LoggerFactory.getLogger(BellIT.class);
    private static final File SCRIPTS = new File("src/test/browser");
    private static final String NAME = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>";

    private LocalStack stack;

    @BeforeEach
    void start() throws Exception {
        Path root = Files.createTempDirectory(Path.of("target"), "bell").toAbsolutePath();
        stack = new LocalStack(Installation.find(), StateFolder.at(root), Ports.free(), new Progress(LOG::info));
        stack.start();
    }

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void twoWindowsOfOneUserStayInStep() throws Exception {
        try (Wire wire = new Wire(
                stack.infrastructure().kafka().bootstrap(),
                stack.infrastructure().registry().url())) {
            wire.send(
                    Topics.NOTIFICATION_REQUESTED,
                    NotificationRequested.newBuilder()
                            .setTenant(Cast.TENANT)
                            .setSource("e2e")
                            .setId("hostile")
                            .setRecipients(List.of("zoe"))
                            .setCategory("comment")
                            .setActor("ana")
                            .setData(Map.of("text", "hello", "actorName", NAME))
                            .build());
            wire.flush();
        }
        Path pictures = Path.of("target", "bell").toAbsolutePath();

        NodeScripts.demand(SCRIPTS)
                .run(
                        120,
                        "node",
                        "bell.mjs",
                        stack.page(),
                        stack.herald().where().replaceFirst("^ws(.*)/v1/socket$", "http$1/"),
                        pictures.toString(),
                        NAME);

        assertThat(pictures).isDirectoryContaining("glob:**.png");
    }
}
