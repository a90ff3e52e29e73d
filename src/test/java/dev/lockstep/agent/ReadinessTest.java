// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.testing.Warnings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
    private final List<String> waitedFor = new ArrayList<>();
    private long waitedNs;
    private int tries;
    private final Readiness readiness =
            new Readiness(() -> waitedNs, pause -> waitedNs += pause.toNanos(), waitedFor::add);

    /** Its address comes after so many tries. */
    private Readiness.Step<String> lateBy(int missing) {
        return () -> {
            tries++;
            if (tries <= missing) {
                throw new NotReady("O2CB cannot listen on 10.0.0.1");
            }
            return "listens";
        };
    }

    @Test
    void whatComesWithTheBootIsTriedEachSecondAndToldOnce() {
        assertThat(Warnings.of(Readiness.class, () -> {
                    try {
                        assertThat(readiness.await(lateBy(60))).isEqualTo("listens");
                    } catch (IOException | NumberInUse e) {
                        throw new AssertionError(e);
                    }
                }))
                .containsExactly("O2CB cannot listen on 10.0.0.1; waiting for it");
        assertThat(waitedNs).isEqualTo(Duration.ofSeconds(60).toNanos());
        assertThat(waitedFor).hasSize(60).containsOnly("O2CB cannot listen on 10.0.0.1");
    }

    /** Twenty starts in ten minutes, and systemd gives up. */
    @Test
    void whatNeverComesEndsTheStartAndNotTooOftenForSystemd() {
        assertThatThrownBy(() -> readiness.await(lateBy(Integer.MAX_VALUE))).isInstanceOf(NotReady.class);

        assertThat(waitedNs)
                .isGreaterThan(2 * Duration.ofMinutes(10).toNanos() / 20)
                .isLessThan(Duration.ofMinutes(5).toNanos());
    }

    @Test
    void whatWaitingCannotMendIsToldAtOnce() {
        assertThatThrownBy(() -> readiness.await(() -> {
                    throw new SetupRefused("num is 0, the configuration says 2");
                }))
                .isInstanceOf(SetupRefused.class);
        assertThat(waitedNs).isZero();
    }
}
