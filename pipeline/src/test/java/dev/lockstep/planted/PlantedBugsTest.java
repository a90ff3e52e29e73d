// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlantedBugsTest {

    /** Those that the core campaign's storms do not find as fast, see PlantedBugsInStormTest. */
    static List<PlantedBug> bugs() {
        return PlantedBugs.ALL.stream()
                .filter(bug -> !StormBugs.KNOWN.containsKey(bug.name()))
                .toList();
    }

    /** By a property that breaks, and by none of the checks that a bug may trip over besides: audits, assertions. */
    @ParameterizedTest
    @MethodSource("bugs")
    void isFoundByItsStorm(PlantedBug bug) throws IOException, ReflectiveOperationException {
        Method story = story(Mutant.with(bug));
        assertThatThrownBy(() -> story.invoke(null, bug.storm()))
                .isInstanceOf(InvocationTargetException.class)
                .rootCause()
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s)P\\d+: .*");
    }

    @Test
    void theHealthyCoreSurvivesTheSameStorms() throws IOException, ReflectiveOperationException {
        PlantedBug none = PlantedBug.of(0, "no bug", "core.StartGate", "gate.comms();", "gate.comms();");
        Method story = story(Mutant.with(none));
        for (long seed : bugs().stream().mapToLong(PlantedBug::storm).distinct().toArray()) {
            story.invoke(null, seed);
        }
        assertThat(story.getDeclaringClass().getClassLoader()).isInstanceOf(Mutant.class);
    }

    static Method story(Mutant mutant) throws ReflectiveOperationException {
        Method story = mutant.loadClass("dev.lockstep.core.StormTest").getDeclaredMethod("story", long.class);
        story.setAccessible(true);
        return story;
    }
}
