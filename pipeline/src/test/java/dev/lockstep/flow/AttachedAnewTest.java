// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.domain.RegionId;
import dev.lockstep.sim.DiskFault;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A region is announced again while the report of a join is on its way to the board: nobody else writes that one. */
final class AttachedAnewTest {
    private static final RegionId R1 = new RegionId("R1");
    private static final Duration JOIN = Duration.ofSeconds(10);

    private final ShellCluster cluster = new ShellCluster(1, "R1");
    private final ShellNode node = cluster.boot(0);

    @BeforeEach
    void theNodeIsAlive() {
        cluster.pass(Duration.ofSeconds(20));
    }

    @AfterEach
    void nothingForbiddenHappenedAndNoPipelineFailed() {
        assertThat(cluster.fabric.violations()).isEmpty();
        assertThat(cluster.failures).isEmpty();
    }

    @Test
    void aReportThatDidNotReachTheDiskIsWrittenByTheNextWriter() {
        node.writeFault(R1, DiskFault.failing("EIO"));
        node.create("vol");
        untilTheWriteHasFailed();

        node.attachAgain(R1);
        node.writeFault(R1, DiskFault.NONE);

        cluster.runsOn(JOIN, "vol", 0);
    }

    @Test
    void aReportThatReachedTheDiskThoughItsWriteFailedHoldsNothingUp() {
        node.denyNextWrite();
        node.create("vol");
        untilTheWriteHasFailed();

        node.attachAgain(R1);

        cluster.runsOn(JOIN, "vol", 0);
    }

    @Test
    void whileAWriteHangsNothingIsWrittenThatItMayLandOnAndAfterwardsNothingIsHeldUp() throws IOException {
        BlockReading before = block();
        node.threads.hangWrites();
        node.create("vol");
        cluster.pass(Duration.ofMillis(150));
        for (int i = 0; i < 3; i++) {
            node.attachAgain(R1);
            cluster.pass(Duration.ofSeconds(3));
        }
        assertThat(block()).isEqualTo(before);

        node.threads.landWrites();

        cluster.runsOn(JOIN, "vol", 0);
        cluster.pass(JOIN);
        cluster.runsOn(Duration.ofMillis(10), "vol", 0);
    }

    private BlockReading block() throws IOException {
        return BoardCodec.decode(cluster.disk(R1).attach().readBoardBlock(node.number.value()), node.number);
    }

    private void untilTheWriteHasFailed() {
        cluster.within(
                Duration.ofSeconds(1),
                "failure",
                () -> cluster.story.stream().anyMatch(line -> line.contains("writing the report")));
    }
}
