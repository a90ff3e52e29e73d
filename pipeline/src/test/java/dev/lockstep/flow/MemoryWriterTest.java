// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.board.Eviction;
import dev.lockstep.domain.Epoch;
import dev.lockstep.kernel.Memory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class MemoryWriterTest {
    private static final List<Eviction> NONE = List.of();

    private final Queue<Runnable> given = new ArrayDeque<>();
    private final Scheduler thread = Schedulers.fromExecutor(given::add);
    private final ShellNode.Kept kept = new ShellNode.Kept();
    private final MemoryWriter writer = new MemoryWriter(kept, thread);

    private static Memory memory(long floor) {
        return Memory.of(new Memory.Lasting(new Epoch(floor), 0, NONE));
    }

    private void threadRuns() {
        for (Runnable task = given.poll(); task != null; task = given.poll()) {
            task.run();
        }
    }

    @Test
    void whoKeepsDoesNotWaitForTheStore() {
        writer.keep(memory(1));
        assertThat(kept.load()).isEqualTo(Memory.blank());

        threadRuns();

        assertThat(kept.load()).isEqualTo(memory(1));
    }

    @Test
    void onlyTheNewestIsWrittenAndOnce() {
        writer.keep(memory(1));
        writer.keep(memory(2));
        threadRuns();
        writer.keep(memory(2));
        threadRuns();

        assertThat(kept.load()).isEqualTo(memory(2));
        assertThat(kept.saves).isEqualTo(1);
    }

    @Test
    void whoFlushesNeedNotWaitForTheThread() throws IOException {
        writer.keep(memory(1));

        writer.flush();

        assertThat(kept.load()).isEqualTo(memory(1));
    }

    @Test
    void whatCouldNotBeSavedIsTriedAgainThoughNothingChanged() {
        kept.broken = true;
        writer.keep(memory(1));
        threadRuns();
        assertThatThrownBy(writer::flush).isInstanceOf(IOException.class);
        kept.broken = false;

        writer.keep(memory(1));
        threadRuns();

        assertThat(kept.load()).isEqualTo(memory(1));
    }
}
