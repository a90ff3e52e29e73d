// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialTest {
    private static final Duration LENGTH = Duration.ofMinutes(3);
    private static final int SEEDS_PER_BLOCK = 8;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void noSeedBreaksARuleAndEverySeedEndsInOneViewOfAll(long block) {
        for (long seed = block * SEEDS_PER_BLOCK; seed < (block + 1) * SEEDS_PER_BLOCK; seed++) {
            Trial.Ending ending = Trial.run(SimSettings.ofNodes(3), seed, LENGTH, false);
            assertThat(ending.violations())
                    .as("seed %d; bench/campaign --story --nodes 3 --seconds 180 --first %d tells it", seed, seed)
                    .isEmpty();
        }
    }

    @Test
    void withAFenceCommandLimitsForDeadAgentsAndSplitVerdictsMachinesMayEvenBePausedPastTheThreshold() {
        SimSettings settings = SimSettings.ofNodes(3)
                .withFenceCommand()
                .withAgentsDeadAfter(Duration.ofSeconds(60))
                .withSplitVerdictAfter(Duration.ofSeconds(20));
        for (long seed = 0; seed < SEEDS_PER_BLOCK; seed++) {
            Trial.Ending ending = Trial.run(settings, seed, LENGTH, false);
            assertThat(ending.violations()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void theSameSeedTellsTheSameStoryWhetherItIsKeptOrNot() {
        Trial.Ending once = Trial.run(SimSettings.ofNodes(3), 3, LENGTH, false);
        Trial.Ending again = Trial.run(SimSettings.ofNodes(3), 3, LENGTH, true);
        assertThat(again.hash()).isEqualTo(once.hash());
        assertThat(once.story()).isEmpty();
        assertThat(again.story()).isNotEmpty();
        assertThat(Trial.run(SimSettings.ofNodes(3), 4, LENGTH, false).hash()).isNotEqualTo(once.hash());
    }

    @Test
    void faultsStrikeAndAreCountedByThePhaseTheyMet() {
        Trial.Ending ending = Trial.run(SimSettings.ofNodes(3), 5, LENGTH, false);
        long counted = 0;
        for (FaultKind kind : FaultKind.values()) {
            for (Coverage.At at : Coverage.At.values()) {
                counted += ending.coverage().of(kind, at);
            }
        }
        assertThat(ending.faults()).isGreaterThanOrEqualTo(10);
        assertThat(counted).isEqualTo(3L * ending.faults());
    }
}
