// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.sorted.SortedArraySet;
import dev.lockstep.testing.Warnings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

final class RecoveryWatchTest {
    private static final LockspaceName VOL = new LockspaceName("vol");
    private static final int MEMBERS = 0x02;
    private static final int DONE = 0x40;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final RecoveryWatch watch = watch();
    private int reads;
    private @Nullable String failure;

    /** Its lockspace recovers for ever. */
    private final class Recovering extends IdleKernel {
        @Override
        public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
            reads++;
            if (failure != null) {
                throw new IOException(failure);
            }
            return Optional.of(new KernelLockspace(name, 1, MEMBERS, 0, new TreeSet<>(), Optional.empty()));
        }
    }

    private RecoveryWatch watch() {
        FlowContext context = new FlowContext(
                SortedArraySet.copyOf(List.of(NodeNumber.of(1))),
                FlowSchedulers.shared(time),
                FlowSettings.DEFAULT,
                this::nowNs,
                new Inbox(time));
        RecoveryWatch made = new RecoveryWatch(new Recovering(), context);
        made.evidence().subscribe();
        return made;
    }

    private long nowNs() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    private int readsIn(Duration some) {
        reads = 0;
        time.advanceTimeBy(some);
        return reads;
    }

    private void starts() {
        Mutation start = new Mutation.Start(VOL, new Epoch(2), View.EMPTY, new TreeSet<>());
        watch.hear(new Evidence.Applied(nowNs(), start, Outcome.Done.DONE));
    }

    private void reads(long startedNs, int status) {
        watch.hear(new Evidence.RecoveryRead(nowNs(), startedNs, VOL, status, 0));
    }

    @Test
    void whatRecoversIsReadOftenUntilItIsDone() {
        starts();
        assertThat(readsIn(Duration.ofMillis(500))).isGreaterThan(5);

        reads(nowNs(), DONE);
        assertThat(readsIn(Duration.ofMillis(500))).isLessThan(3);
    }

    @Test
    void aKernelThatCannotBeReadIsToldOnceForEachReasonAndAgainOnceItCould() {
        starts();
        reads(nowNs(), DONE);

        assertThat(Warnings.of(RecoveryWatch.class, () -> {
                    for (String why : new String[] {"EIO", "EACCES", null, "EACCES"}) {
                        failure = why;
                        assertThat(readsIn(Duration.ofSeconds(20))).isGreaterThan(2);
                    }
                }))
                .containsExactly(
                        "the kernel could not be read: EIO",
                        "the kernel could not be read: EACCES",
                        "the kernel could not be read: EACCES");
    }

    @Test
    void aReadingOfTheEpochBeforeDoesNotEndTheNewRecovery() {
        starts();
        time.advanceTimeBy(Duration.ofMillis(500));
        long beforeNs = nowNs();
        time.advanceTimeBy(Duration.ofMillis(10));
        starts();

        reads(beforeNs, DONE);

        assertThat(readsIn(Duration.ofMillis(500))).isGreaterThan(5);
    }
}
