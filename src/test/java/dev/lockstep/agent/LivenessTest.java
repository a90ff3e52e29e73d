// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.Core;
import dev.lockstep.core.Guards;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.testing.Warnings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** With the real core, in virtual time. */
final class LivenessTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private long nowNs = 1000 * SECOND_NS;
    private int fed;
    private State state = Core.initial(new ClusterFacts(
            NodeNumber.of(1),
            new BootId(1, 1),
            new TreeSet<>(List.of(NodeNumber.of(1))),
            0,
            6,
            2 * SECOND_NS,
            0,
            new SettingsDigest(List.of(1)),
            Guards.NONE,
            FenceMode.SELF));
    private final Liveness liveness = new Liveness(() -> fed++, () -> state, () -> nowNs, Path.of("/var/lib/lockstep"));

    private void tick() {
        state = Core.observe(state, new Evidence.Tick(nowNs)).state();
    }

    private void start() {
        state = Core.observe(state, new Evidence.Started(nowNs, Memory.blank(), KernelSnapshot.empty()))
                .state();
    }

    private void pass(long seconds) {
        nowNs += seconds * SECOND_NS;
    }

    /** Its plans are made anew all the while, with nothing to plan by. */
    @Test
    void anAgentThatHasNotReadKernelAndMemoryFeedsNoWatchdogHoweverTheCoreMoves() {
        for (int looks = 0; looks < 60; looks++) {
            pass(5);
            tick();
            liveness.look();
        }
        assertThat(fed).isZero();

        start();
        liveness.look();
        assertThat(fed).isEqualTo(1);
    }

    @Test
    void aCoreThatStandsStillFeedsNoWatchdog() {
        start();
        pass(9);
        liveness.look();
        assertThat(fed).isEqualTo(1);
        pass(1);
        liveness.look();
        assertThat(fed).isEqualTo(1);

        tick();
        liveness.look();
        assertThat(fed).isEqualTo(2);
    }

    @Test
    void aStartThatWaitsIsSaidOnceWithWhatIsWaitedFor() {
        assertThat(Warnings.of(Liveness.class, () -> looksAfter(0, 9))).isEmpty();
        assertThat(Warnings.of(Liveness.class, () -> looksAfter(1, 60)))
                .singleElement()
                .asString()
                .contains("/var/lib/lockstep", "kernel's lockspaces");
    }

    @Test
    void aQuickStartIsNotWorthAWord() {
        start();

        assertThat(Warnings.of(Liveness.class, () -> looksAfter(60))).isEmpty();
    }

    private void looksAfter(long... seconds) {
        for (long each : seconds) {
            pass(each);
            liveness.look();
        }
    }

    @Test
    void theWatchdogIsFedTwiceInItsTimeAndEveryFiveSecondsAtTheLeast() {
        assertThat(looksWith(Optional.of(Duration.ofSeconds(4)))).containsExactly(Duration.ofSeconds(2));
        assertThat(looksWith(Optional.of(Duration.ofMinutes(3)))).containsExactly(Duration.ofSeconds(5));
        assertThat(looksWith(Optional.empty())).containsExactly(Duration.ofSeconds(5));
    }

    private List<Duration> looksWith(Optional<Duration> timeout) {
        List<Duration> looks = new ArrayList<>();
        liveness.untilStopped(looks::add, timeout);
        return looks;
    }
}
