// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VirtualTimeTest {
    private record Asked(long atNs, int order) {}

    private final VirtualTime time = new VirtualTime();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Asked> happened = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsAskedForHappensByItsMomentThenByItsOrder(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            ask(random);
        }
        for (long ns = 0; ns < 200; ns += random.nextInt(20)) {
            time.runTo(ns);
            assertThat(time.nowNs()).isEqualTo(ns);
            ask(random);
        }
        time.runTo(10_000);
        List<Asked> expected = new ArrayList<>(asked);
        expected.sort(Comparator.comparingLong(Asked::atNs).thenComparingInt(Asked::order));
        assertThat(happened).isEqualTo(expected).hasSizeGreaterThan(400);
        assertThat(time.planned()).isEqualTo(asked.size());
    }

    private void ask(Random random) {
        // Many fall on one moment, and some on this one.
        long delayNs = random.nextInt(3) == 0 ? 0 : random.nextInt(50);
        Asked it = new Asked(time.nowNs() + delayNs, asked.size());
        asked.add(it);
        time.after(delayNs, () -> {
            assertThat(time.nowNs()).isEqualTo(it.atNs);
            happened.add(it);
            if (asked.size() < 1000) {
                ask(random);
            }
        });
    }
}
