// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The suite on the simulated kernel. The test bed's scenario "conformance" runs the same cases on real ones. */
final class ConformanceTest {

    @TestFactory
    Stream<DynamicTest> theSimulatedKernelDoesAsTheRealOne() throws IOException {
        return on(SimMachine.boot(SimMachine.Port.SIMULATED));
    }

    @TestFactory
    Stream<DynamicTest> soDoesTheAgentsAdapterOnTheSimulatedFiles() throws IOException {
        return on(SimMachine.boot(SimMachine.Port.ADAPTER));
    }

    private static Stream<DynamicTest> on(List<SimMachine> machines) {
        return Suite.cases().stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.sentence(),
                        () -> assertThat(Suite.observe(one, machines)).isEqualTo(one.expected())));
    }

    @Test
    void noTwoCasesClaimTheSame() {
        assertThat(Suite.cases()).extracting(ConformanceCase::sentence).doesNotHaveDuplicates();
    }
}
