// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import dev.lockstep.agent.DemoRunner;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.nativeio.BootTime;
import dev.lockstep.nativeio.DirectFile.Caching;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * {@code lockstep demo}: three agents in one process, with the pipeline, slots and boards of the real one, on region
 * files in a temporary folder. Only the kernel, the network and the speed of the heartbeat are not real.
 */
public final class Demo implements DemoRunner {
    @Override
    public int run(boolean keep, PrintWriter out) throws IOException {
        Path folder = Files.createTempDirectory("lockstep-demo");
        folder.toFile().deleteOnExit();
        DemoRegion red = DemoRegion.make(folder, "disk-red", "5ED00000000000000000000000000001");
        DemoRegion blue = DemoRegion.make(folder, "disk-blue", "B1E00000000000000000000000000002");
        return run(keep, out, red, blue);
    }

    private static int run(boolean keep, PrintWriter out, DemoRegion red, DemoRegion blue) {
        BootTime clock = new BootTime();
        DemoScreen screen = new DemoScreen(out, clock);
        DemoCluster cluster = new DemoCluster(red, blue, clock, screen);
        introduce(screen, red, blue);
        List<DemoNode> nodes = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            nodes.add(new DemoNode(cluster, NodeNumber.of(number)));
        }
        try {
            new DemoStory(cluster, nodes).play();
            int status = summarise(cluster);
            if (keep) {
                keepUntilSignal(screen, red, blue);
            }
            return status;
        } finally {
            cluster.over();
            nodes.forEach(DemoNode::kill);
        }
    }

    private static void introduce(DemoScreen screen, DemoRegion red, DemoRegion blue) {
        screen.plain("Three agents in one process. Real: pipeline, region files, slots, boards. Simulated: fs/dlm.");
        screen.plain("Regions: " + red.file() + " and " + blue.file());
        screen.plain("Heartbeat every " + DemoCluster.PERIOD.toMillis() + " ms instead of 2000, dead after "
                + DemoCluster.DEAD_THRESHOLD + " silent periods and one more for margin.");
        if (red.caching() == Caching.BUFFERED) {
            screen.plain("That folder has no O_DIRECT; one machine can do without.");
        }
    }

    private static int summarise(DemoCluster cluster) {
        DemoScreen screen = cluster.screen();
        cluster.fabric().violations().forEach(violation -> screen.failed("kernel rule broken: " + violation));
        screen.scene("Summary");
        cluster.record().summarise();
        screen.plain("  kernel rules broken, double grants among them: "
                + cluster.fabric().violations().size());
        if (screen.failures().isEmpty()) {
            screen.plain("  everything happened as it must");
            return ExitCode.OK.status();
        }
        screen.failures().forEach(failure -> screen.plain("  NOT AS EXPECTED: " + failure));
        if (cluster.lateHeartbeats() > 0) {
            screen.plain("  " + cluster.lateHeartbeats() + " heartbeats were late: this machine stalled for longer than"
                    + " the demo's short periods allow. Try again when it is quieter.");
        }
        return ExitCode.SOFTWARE.status();
    }

    private static void keepUntilSignal(DemoScreen screen, DemoRegion red, DemoRegion blue) {
        screen.plain("The cluster goes on until Ctrl-C. Look with: lockstep region dump " + red.file() + " (or "
                + blue.file() + ")");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
