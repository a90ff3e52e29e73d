// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.nativeio.BootTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The end of a demo's node, which a new user watches: on real threads, at whatever moment it comes. */
final class DemoNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        root.detachAppender(logged);
    }

    @Test
    void endsWithoutAWordAndWithoutAThreadLeftWheneverItEnds() throws IOException {
        DemoCluster cluster = new DemoCluster(
                DemoRegion.make(folder, "disk-red", "5ED00000000000000000000000000001"),
                DemoRegion.make(folder, "disk-blue", "B1E00000000000000000000000000002"),
                new BootTime(),
                new DemoScreen(new PrintWriter(Writer.nullWriter()), new BootTime()));
        Random moments = new Random(7);
        int rounds = 10;
        for (int round = 0; round < rounds; round++) {
            List<DemoNode> nodes = List.of(
                    new DemoNode(cluster, NodeNumber.of(1)),
                    new DemoNode(cluster, NodeNumber.of(2)),
                    new DemoNode(cluster, NodeNumber.of(3)));
            nodes.forEach(node -> node.kernel().create(DemoCluster.WEB));
            long endNs = System.nanoTime() + moments.nextInt(round % 2 == 0 ? 30 : 400) * 1_000_000L;
            Awaitility.await().atMost(PATIENCE).until(() -> System.nanoTime() > endNs);
            cluster.over();
            nodes.forEach(DemoNode::kill);
        }

        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("node-")));
        assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }
}
