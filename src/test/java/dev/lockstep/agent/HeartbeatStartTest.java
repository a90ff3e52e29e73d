// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HeartbeatStartTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int starts;

    /** A kernel that fails so often. */
    private HeartbeatStart.Attempt failing(int times) {
        return () -> {
            starts++;
            if (starts <= times) {
                throw new IOException("EIO");
            }
        };
    }

    private HeartbeatStart start(HeartbeatStart.Attempt attempt, HeartbeatStart.Clearance clearance) {
        return new HeartbeatStart(attempt, clearance, pause -> pauses.add(pause) && pauses.size() < 20, told::add);
    }

    @Test
    void aRegionWhoseStartFailedOnceIsStartedAgain() throws NumberInUse {
        assertThat(start(failing(1), Optional::empty).untilItBeats()).isTrue();

        assertThat(starts).isEqualTo(2);
        assertThat(told).containsExactly("EIO");
    }

    @Test
    void pausesGrowAndStayBounded() throws NumberInUse {
        assertThat(start(failing(Integer.MAX_VALUE), Optional::empty).untilItBeats())
                .as("until it is told to end")
                .isFalse();

        assertThat(pauses).startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertThat(pauses).endsWith(HeartbeatStart.LONGEST_PAUSE, HeartbeatStart.LONGEST_PAUSE);
        assertThat(told).as("one reason is told once").containsExactly("EIO");
    }

    @Test
    void nothingIsStartedAgainWhileItCannotBeToldWhetherTheNumberIsFree() throws NumberInUse {
        start(failing(1), () -> Optional.of("cannot be watched")).untilItBeats();

        assertThat(starts).isEqualTo(1);
        assertThat(told).containsExactly("EIO", "cannot be watched");
    }

    @Test
    void aNumberThatWasTakenMeanwhileEndsIt() {
        HeartbeatStart start = start(failing(1), () -> {
            throw new NumberInUse(NodeNumber.of(1), new RegionId("R1"), "the slot");
        });

        assertThatThrownBy(start::untilItBeats).isInstanceOf(NumberInUse.class);
        assertThat(starts).isEqualTo(1);
    }
}
