// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.Epoch;
import dev.lockstep.kernel.Memory;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class LastingWriterTest {
    private final Queue<Runnable> given = new ArrayDeque<>();
    private final Scheduler thread = Schedulers.fromExecutor(given::add);
    private final ShellNode.Kept kept = new ShellNode.Kept();
    private final LastingWriter writer = new LastingWriter(kept, thread);

    private static Memory.Lasting floor(long epoch) {
        return new Memory.Lasting(new Epoch(epoch), 0, List.of());
    }

    private void threadRuns() {
        for (Runnable task = given.poll(); task != null; task = given.poll()) {
            task.run();
        }
    }

    @Test
    void whoKeepsDoesNotWaitForTheStore() {
        writer.keep(floor(1));
        assertThat(kept.lasting).isEqualTo(Memory.Lasting.NONE);

        threadRuns();

        assertThat(kept.lasting).isEqualTo(floor(1));
    }

    @Test
    void onlyTheNewestIsWrittenAndOnce() {
        writer.keep(floor(1));
        writer.keep(floor(2));
        threadRuns();
        writer.keep(floor(2));
        threadRuns();

        assertThat(kept.lasting).isEqualTo(floor(2));
        assertThat(kept.lastingSaves).isEqualTo(1);
    }

    @Test
    void whatCouldNotBeWrittenIsTriedAgainThoughNothingChanged() {
        kept.rootBroken = true;
        writer.keep(floor(1));
        threadRuns();
        kept.rootBroken = false;

        writer.keep(floor(1));
        threadRuns();

        assertThat(kept.lasting).isEqualTo(floor(1));
    }
}
