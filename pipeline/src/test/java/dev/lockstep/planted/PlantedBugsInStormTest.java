// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sim.storm.BugHunt;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlantedBugsInStormTest {
    private static final PlantedBug STOPPED_TAKEN_FOR_LEFT = PlantedBug.of(
            0,
            "stopped taken for left (7)",
            "core.Settlement",
            "entry.get().phase() == Phase.LEAVING",
            "entry.get().phase() == Phase.LEAVING || entry.get().phase() == Phase.STOPPED");

    static List<PlantedBug> bugs() {
        return StormBugs.all();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isFoundByItsSeed(PlantedBug bug) throws Exception {
        Object broken = Mutant.with(bug)
                .loadClass("dev.lockstep.sim.storm.BugHunt")
                .getDeclaredMethod("broken", long.class)
                .invoke(null, bug.storm());
        assertThat((String) broken).as("what breaks in seed " + bug.storm()).isNotEmpty();
    }

    @Test
    void theHealthyCoreSurvivesTheSameSeeds() {
        assertThat(bugs()).hasSize(StormBugs.ALL.size() + StormBugs.KNOWN.size());
        bugs().stream()
                .map(PlantedBug::storm)
                .distinct()
                .forEach(seed ->
                        assertThat(BugHunt.broken(seed)).as("seed " + seed).isEmpty());
    }

    /** Across the mutant's class loader only the platform's types are shared. */
    @Test
    void aStormFindsABugAndItsShortStoryStillShowsIt() throws Exception {
        Class<?> finder = Mutant.with(STOPPED_TAKEN_FOR_LEFT).loadClass("dev.lockstep.sim.storm.BugHunt");
        List<?> found = (List<?>)
                finder.getDeclaredMethod("found", long.class, int.class).invoke(null, 0L, 40);
        assertThat(found).hasSize(4);
        assertThat(found.get(0))
                .as("what broke")
                .isEqualTo(found.get(1))
                .asString()
                .isNotEmpty();
        assertThat((Integer) found.get(3)).as("faults left").isLessThan((Integer) found.get(2));
    }
}
