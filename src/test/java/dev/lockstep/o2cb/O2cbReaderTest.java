// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernelfs.KernelModules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class O2cbReaderTest {
    private static final O2cbNode A = new O2cbNode("a", NodeNumber.of(0), "192.0.2.1", 7777);
    private static final O2cbNode B = new O2cbNode("b", NodeNumber.of(1), "192.0.2.2", 7777);
    private static final O2cbRegion REGION = new O2cbRegion(new RegionId("R1"), 512, 2048, 255);

    private final FakeO2cbTree tree = new FakeO2cbTree();
    private final O2cbReader reader = new O2cbReader(tree, "/c");

    private void beats() throws IOException {
        O2cbSetup setup = new O2cbSetup(tree, "/c", new Loaded(), tree);
        setup.ensureCluster(new O2cbPlan("alpha", 6, List.of(A, B), NodeNumber.of(0)));
        setup.ensureRegion("alpha", REGION, Path.of("/dev/sda"));
    }

    @Test
    void withoutO2cbThereIsNoCluster() throws IOException {
        tree.removeDirectory("/c");

        assertThat(reader.read()).isEmpty();
    }

    @Test
    void aRootThatGoesUnderAClusterIsNotTheEndOfItsRegions() throws IOException {
        beats();
        assertThat(reader.read()).isPresent();

        tree.unmounted = true;

        assertThatThrownBy(reader::read).isInstanceOf(IOException.class).hasMessageContaining("/c");
        assertThatThrownBy(reader::read)
                .as("however often it is looked at")
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/c");
        tree.unmounted = false;
        assertThat(reader.read())
                .hasValueSatisfying(state -> assertThat(state.regions())
                        .extracting(O2cbState.Heartbeat::region)
                        .containsExactly(REGION));
    }

    @Test
    void aClusterThatWasUnregisteredIsGoneWithTheModule() throws IOException {
        tree.makeDirectory("/c/alpha");
        assertThat(reader.read()).isPresent();
        tree.removeDirectory("/c/alpha/heartbeat");
        tree.removeDirectory("/c/alpha/node");
        tree.removeDirectory("/c/alpha");
        assertThat(reader.read()).isEmpty();

        tree.removeDirectory("/c");

        assertThat(reader.read()).isEmpty();
    }

    @Test
    void aNodeThatGoesWhileItIsReadTakesNoRegionWithIt() throws IOException {
        beats();

        tree.removeFile("/c/alpha/node/b/local");

        assertThat(reader.read()).hasValueSatisfying(state -> {
            assertThat(state.nodes()).containsExactly(A);
            assertThat(state.local()).contains(NodeNumber.of(0));
            assertThat(state.regions()).extracting(O2cbState.Heartbeat::region).containsExactly(REGION);
        });
    }

    @Test
    void aRegionWithANameThatNoRegionShouldHaveHidesNoOther() throws IOException {
        beats();
        tree.makeDirectory("/c/alpha/heartbeat/a region");

        assertThat(reader.read())
                .hasValueSatisfying(state -> assertThat(state.regions())
                        .extracting(O2cbState.Heartbeat::region)
                        .containsExactly(REGION));
    }

    @Test
    void aClusterOfWhichSomethingIsMissingIsNoNews() throws IOException {
        beats();

        tree.removeDirectory("/c/alpha/heartbeat");

        assertThatThrownBy(reader::read).isInstanceOf(IOException.class).hasMessageContaining("/c/alpha/heartbeat");
    }

    private static final class Loaded implements KernelModules {
        @Override
        public boolean isLoaded(String module) {
            return true;
        }

        @Override
        public void load(String module) {}

        @Override
        public void unload(String module) {}
    }
}
