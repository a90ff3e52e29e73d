// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private static final Held NOBODY = () -> 0;
    private final EventQueue time = new EventQueue();
    private final List<Integer> happened = new ArrayList<>();

    @Test
    void whatFallsOnOneMomentHappensInTheOrderItWasAskedFor() {
        Dice dice = new Dice(1);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            time.after(dice.below(5), NOBODY, () -> happened.add((int) (time.nowNs() % 5) * 1000 + number));
        }
        time.runTo(time.nowNs() + 10, () -> false);
        assertThat(happened).hasSize(1000).isSorted();
    }

    @Test
    void whoStandsStillIsServedWhenItMovesAgain() {
        long untilNs = time.nowNs() + 7;
        time.after(3, () -> untilNs, () -> happened.add((int) (time.nowNs() - untilNs)));
        time.after(5, NOBODY, () -> happened.add(-1));
        time.runTo(untilNs, () -> false);
        assertThat(happened).containsExactly(-1, 0);
    }

    @Test
    void runsAreStoppedAfterTheEventThatEndsThem() {
        IntStream.range(0, 5).forEach(i -> time.after(i, NOBODY, () -> happened.add(i)));
        assertThat(time.runTo(time.nowNs() + 10, () -> happened.contains(2))).isFalse();
        assertThat(happened).containsExactly(0, 1, 2);
    }
}
