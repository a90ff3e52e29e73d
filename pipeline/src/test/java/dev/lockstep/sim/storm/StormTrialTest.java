// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StormTrialTest {
    private static final long LENGTH_NS = 60_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 5, 7, 15})
    void aSeedEndsWellAndReplays(long seed) {
        Scenario scenario = Scenario.of(seed, 5, LENGTH_NS);
        StormTrial.Ending ending = StormTrial.run(scenario, false);
        assertThat(ending.violations()).as("seed " + seed).isEmpty();
        assertThat(ending.faults()).isPositive();
        assertThat(StormTrial.run(scenario, false).hash()).isEqualTo(ending.hash());
    }

    @Test
    void tellingAStoryChangesNothing() {
        Scenario scenario = Scenario.of(3, 5, LENGTH_NS);
        StormTrial.Ending told = StormTrial.run(scenario, true);
        assertThat(told.story()).isNotEmpty();
        assertThat(StormTrial.run(scenario, false).hash()).isEqualTo(told.hash());
    }

    @Test
    void withoutFaultsEverythingRunsAndNothingIsOwed() {
        Scenario drawn = Scenario.of(4, 5, LENGTH_NS);
        List<Fault> programs = drawn.faults().stream().filter(Fault::program).toList();
        StormTrial.Ending ending = StormTrial.run(drawn.with(programs), false);
        assertThat(ending.violations()).isEmpty();
        assertThat(ending.faults()).isZero();
        assertThat(ending.owed()).isZero();
    }

    @Test
    void faultsAreAimedAtEveryStep() {
        Pairs pairs = new Pairs();
        for (long seed = 0; seed < 6; seed++) {
            pairs.add(StormTrial.run(Scenario.of(seed, 5, LENGTH_NS), false).pairs());
        }
        for (Step step : Step.values()) {
            long met = 0;
            for (FaultKind kind : FaultKind.values()) {
                met += pairs.of(kind, step);
            }
            assertThat(met).as(step.name()).isPositive();
        }
    }

    /** Neither in /run nor in /var/lib was anything saved before the block was garbled and the agent killed. */
    @Test
    void aDestroyedBlockWithoutAMemoryWaitsForAFormatByHandAndForNothingElse() {
        Scenario scenario = Scenario.of(24010881, 5, 600_000_000_000L);
        StormTrial.Ending ending = StormTrial.run(scenario, true);
        assertThat(ending.story()).anyMatch(event -> event.contains("FORMAT"));
        assertThat(ending.violations()).isEmpty();
    }

    /** In a seed in which only agents are disturbed: together they are longer than a node may be silent. */
    @Test
    void twoPausesThatOverlapAreNotOneLongOne() {
        Scenario scenario = Scenario.of(25081967, 5, 600_000_000_000L);
        assertThat(StormTrial.run(scenario, false).violations()).isEmpty();
    }
}
