// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernelfs.KernelModules;
import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class O2cbSetupTest {
    private static final O2cbNode A = new O2cbNode("a", NodeNumber.of(0), "192.0.2.1", 7777);
    private static final O2cbNode B = new O2cbNode("b", NodeNumber.of(1), "192.0.2.2", 7777);
    private static final O2cbPlan PLAN = new O2cbPlan("alpha", 6, List.of(A, B), NodeNumber.of(0));
    private static final O2cbRegion REGION = new O2cbRegion(new RegionId("R1"), 512, 2048, 255);

    private final FakeO2cbTree tree = new FakeO2cbTree();
    private final O2cbSetup setup = new O2cbSetup(tree, "/c", new Loaded(), tree);
    private final O2cbReader reader = new O2cbReader(tree, "/c");

    @TempDir
    Path dev;

    @Test
    void theThresholdComesFirstAndTheLocalNodeLast() throws IOException {
        setup.ensureCluster(PLAN);

        assertThat(tree.journal)
                .containsExactly(
                        "mkdir /c/alpha",
                        "heartbeat/dead_threshold = 6",
                        "mkdir node/a",
                        "node/a/ipv4_port = 7777",
                        "node/a/ipv4_address = 192.0.2.1",
                        "node/a/num = 0",
                        "mkdir node/b",
                        "node/b/ipv4_port = 7777",
                        "node/b/ipv4_address = 192.0.2.2",
                        "node/b/num = 1",
                        "node/a/local = 1");
    }

    @Test
    void whatWasSetUpAsPlannedContradictsNothing() throws IOException {
        setup.ensureCluster(PLAN);

        assertThat(PLAN.contradictions(reader.read().orElseThrow())).isEmpty();
    }

    @Test
    void tellsWhetherAllIsSetUpAsPlanned() throws IOException {
        setup.ensureCluster(PLAN);
        O2cbState found = reader.read().orElseThrow();
        O2cbNode moved = new O2cbNode("b", NodeNumber.of(1), "192.0.2.3", 7777);

        assertThat(PLAN.isDoneIn(found)).isTrue();
        for (O2cbPlan other : List.of(
                new O2cbPlan("beta", 6, List.of(A, B), NodeNumber.of(0)),
                new O2cbPlan("alpha", 31, List.of(A, B), NodeNumber.of(0)),
                new O2cbPlan("alpha", 6, List.of(A), NodeNumber.of(0)),
                new O2cbPlan("alpha", 6, List.of(A, moved), NodeNumber.of(0)),
                new O2cbPlan("alpha", 6, List.of(A, B), NodeNumber.of(1)))) {
            assertThat(other.isDoneIn(found)).as("%s", other).isFalse();
        }
    }

    @Test
    void everythingThatSomebodyElseSetUpOtherwiseIsNamed() throws IOException {
        setup.ensureCluster(PLAN);
        tree.set("/c/alpha/heartbeat/mode", "global\n");
        O2cbNode renumbered = new O2cbNode("b", NodeNumber.of(2), "192.0.2.2", 7777);
        O2cbPlan other = new O2cbPlan("beta", 31, List.of(renumbered), NodeNumber.of(2));

        assertThat(other.contradictions(reader.read().orElseThrow()))
                .containsExactly(
                        "O2CB is in global heartbeat mode, which is not built yet: set heartbeat/mode to local",
                        "O2CB has the cluster alpha, the configuration says beta",
                        "O2CB's dead_threshold is 6, the configuration says 31",
                        "O2CB's local node has number 0, the configuration says 2",
                        "O2CB knows node 0, a, the configuration does not",
                        "O2CB's node b has number 1, the configuration says 2");
    }

    @Test
    void whatIsEqualIsLeftAlone() throws IOException {
        setup.ensureCluster(PLAN);
        setup.ensureRegion("alpha", REGION, device());
        tree.journal.clear();

        setup.ensureCluster(PLAN);
        setup.ensureRegion("alpha", REGION, device());

        assertThat(tree.journal).isEmpty();
    }

    @Test
    void aSetUpThatFailedHalfWayIsCompleted() throws IOException {
        tree.failOnce("/c/alpha/node/b/num", Errno.ENOMEM);
        assertThatThrownBy(() -> setup.ensureCluster(PLAN)).isInstanceOf(NativeFailure.class);
        tree.journal.clear();

        setup.ensureCluster(PLAN);

        assertThat(tree.journal).containsExactly("node/b/num = 1", "node/a/local = 1");
    }

    @Test
    void theNumberZeroIsToldFromAnUnsetOne() throws IOException {
        setup.ensureCluster(PLAN);
        O2cbNode renumbered = new O2cbNode("a", NodeNumber.of(2), "192.0.2.1", 7777);

        assertThatThrownBy(
                        () -> setup.ensureCluster(new O2cbPlan("alpha", 6, List.of(renumbered, B), NodeNumber.of(2))))
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("num is 0");
    }

    @Test
    void anotherClusterIsRefused() throws IOException {
        setup.ensureCluster(PLAN);

        assertThatThrownBy(() -> setup.ensureCluster(new O2cbPlan("beta", 6, List.of(A), NodeNumber.of(0))))
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("alpha")
                .hasMessageContaining("beta");
    }

    @Test
    void anotherAddressIsRefusedByBothValues() throws IOException {
        setup.ensureCluster(PLAN);
        O2cbNode moved = new O2cbNode("b", NodeNumber.of(1), "192.0.2.9", 7777);

        assertThatThrownBy(() -> setup.ensureCluster(new O2cbPlan("alpha", 6, List.of(A, moved), NodeNumber.of(0))))
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("192.0.2.2")
                .hasMessageContaining("192.0.2.9");
    }

    @Test
    void aNodeThatIsNotConfiguredIsRefused() throws IOException {
        setup.ensureCluster(PLAN);

        assertThatThrownBy(() -> setup.ensureCluster(new O2cbPlan("alpha", 6, List.of(A), NodeNumber.of(0))))
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("not configured: b");
    }

    @Test
    void aThresholdThatRegionsFreezeIsRefused() throws IOException {
        setup.ensureCluster(PLAN);
        setup.ensureRegion("alpha", REGION, device());

        assertThatThrownBy(() -> setup.ensureCluster(new O2cbPlan("alpha", 31, List.of(A, B), NodeNumber.of(0))))
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("stays 6")
                .hasMessageContaining("31");
    }

    @Test
    void theGlobalModeIsRefusedByName() throws IOException {
        setup.ensureCluster(PLAN);
        tree.set("/c/alpha/heartbeat/mode", "global\n");

        assertThatThrownBy(() -> setup.ensureCluster(PLAN)).hasMessageContaining("global");
    }

    @Test
    void anAddressThatIsNotHereYetIsExplainedAndLeftToAnotherTry() {
        tree.failOnce("/c/alpha/node/a/local", Errno.parse("EADDRNOTAVAIL"));

        assertThatThrownBy(() -> setup.ensureCluster(PLAN))
                .isInstanceOf(NotReady.class)
                .hasMessageContaining("192.0.2.1 port 7777")
                .hasMessageContaining("EADDRNOTAVAIL");
    }

    @Test
    void configfsThatIsNotMountedYetIsLeftToAnotherTry() {
        O2cbSetup early = new O2cbSetup(tree, "/unmounted", new Loaded(), tree);

        assertThatThrownBy(() -> early.ensureCluster(PLAN))
                .isInstanceOf(NotReady.class)
                .hasMessageContaining("mount configfs");
    }

    @Test
    void aRegionGetsItsPlaceThenItsDevice() throws IOException {
        setup.ensureCluster(PLAN);
        tree.journal.clear();

        setup.ensureRegion("alpha", REGION, device());

        assertThat(tree.journal)
                .containsExactly(
                        "mkdir heartbeat/R1",
                        "heartbeat/R1/block_bytes = 512",
                        "heartbeat/R1/start_block = 2048",
                        "heartbeat/R1/blocks = 255",
                        "heartbeat/R1/dev <- vdb");
    }

    @Test
    void aRegionThatDoesNotStartIsTakenAwayAndExplained() throws IOException {
        setup.ensureCluster(PLAN);
        tree.failOnce("/c/alpha/heartbeat/R1/dev", Errno.EINVAL);

        assertThatThrownBy(() -> setup.ensureRegion("alpha", REGION, device()))
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("logical sectors have 512");

        assertThat(tree.journal).endsWith("rmdir heartbeat/R1");
    }

    @Test
    void aRegionThatHeartbeatsElsewhereIsRefused() throws IOException {
        setup.ensureCluster(PLAN);
        setup.ensureRegion("alpha", REGION, device());
        O2cbRegion moved = new O2cbRegion(REGION.name(), 512, 4096, 255);

        assertThatThrownBy(() -> setup.ensureRegion("alpha", moved, device()))
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("start_block is 2048")
                .hasMessageContaining("4096");
    }

    @Test
    void readsWhatHeartbeats() throws IOException {
        assertThat(reader.read()).isEmpty();
        setup.ensureCluster(PLAN);
        setup.ensureRegion("alpha", REGION, device());
        tree.makeDirectory("/c/alpha/heartbeat/R2");
        tree.makeDirectory("/c/alpha/node/half");

        O2cbState state = reader.read().orElseThrow();

        assertThat(state.cluster()).isEqualTo("alpha");
        assertThat(state.deadThreshold()).isEqualTo(6);
        assertThat(state.globalMode()).isFalse();
        assertThat(state.nodes()).containsExactly(A, B);
        assertThat(state.local()).contains(NodeNumber.of(0));
        assertThat(state.regions())
                .containsExactly(
                        new O2cbState.Heartbeat(REGION, "vdb", OptionalInt.of(4242)),
                        new O2cbState.Heartbeat(new O2cbRegion(new RegionId("R2"), 0, 0, 0), "", OptionalInt.empty()));
    }

    @Test
    void aStoppedRegionIsGone() throws IOException {
        setup.ensureCluster(PLAN);
        setup.ensureRegion("alpha", REGION, device());

        setup.removeRegion("alpha", REGION.name());

        assertThat(reader.read().orElseThrow().regions()).isEmpty();
    }

    private Path device() throws IOException {
        Path device = dev.resolve("vdb");
        return Files.exists(device) ? device : Files.createFile(device);
    }

    private static final class Loaded implements KernelModules {
        @Override
        public boolean isLoaded(String module) {
            return true;
        }

        @Override
        public void load(String module) {
            assertThat(module).isEqualTo("ocfs2_nodemanager");
        }

        @Override
        public void unload(String module) {
            throw new AssertionError("nothing unloads O2CB");
        }
    }
}
