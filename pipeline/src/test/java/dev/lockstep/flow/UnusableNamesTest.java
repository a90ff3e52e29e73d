// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class UnusableNamesTest {
    private final List<String> answers = new ArrayList<>();
    private final UnusableNames names = new UnusableNames(new Answers(), () -> 7);

    /** Keeps what it is told to answer. */
    private final class Answers extends IdleKernel {
        @Override
        public Outcome apply(Mutation mutation) {
            throw new IllegalStateException("no mutation is due: " + mutation);
        }

        @Override
        public Outcome answerUnusable(String directory, int result) {
            answers.add(directory + " " + result);
            return Outcome.Done.DONE;
        }
    }

    @Test
    void aCreateIsRefusedAndCountedWithoutItsName() {
        List<Evidence> counted = names.answer(signal(Uevent.Action.ONLINE)).toList();

        assertThat(answers).containsExactly("a!b -22");
        assertThat(counted)
                .containsExactly(new Evidence.BadInput(7, "a lockspace's name cannot be used, its create was refused"));
    }

    @Test
    void aReleaseIsLetThroughAndWhatWantsNoAnswerGetsNone() {
        assertThat(names.answer(signal(Uevent.Action.ADD))).isEmpty();
        assertThat(names.answer(signal(Uevent.Action.REMOVE))).isEmpty();
        assertThat(answers).isEmpty();

        assertThat(names.answer(signal(Uevent.Action.OFFLINE))).isEmpty();
        assertThat(answers).containsExactly("a!b 0");
    }

    @Test
    void aCreateThatIsFoundWaitingIsRefusedWhereItsDirectoryDoesNotTellItsName() {
        KernelSnapshot left = names.refuseIn(snapshot(
                lockspace("a!b", Optional.of(Uevent.Action.ONLINE)),
                lockspace("c!d", Optional.empty()),
                lockspace("e!f", Optional.of(Uevent.Action.OFFLINE)),
                lockspace("plain", Optional.of(Uevent.Action.ONLINE))));

        assertThat(answers).containsExactly("a!b -22");
        assertThat(left.lockspaces().keySet()).extracting(LockspaceName::value).containsExactly("c!d", "e!f", "plain");
    }

    private static UeventSignal.Unusable signal(Uevent.Action action) {
        return new UeventSignal.Unusable(action, "a!b", "lockspace name 'a/b' cannot be a directory name");
    }

    private static KernelLockspace lockspace(String name, Optional<Uevent.Action> unanswered) {
        return new KernelLockspace(new LockspaceName(name), 0, 0, 0, new TreeSet<>(), unanswered);
    }

    private static KernelSnapshot snapshot(KernelLockspace... lockspaces) {
        SortedMap<LockspaceName, KernelLockspace> all = new TreeMap<>();
        for (KernelLockspace each : lockspaces) {
            all.put(each.name(), each);
        }
        return new KernelSnapshot(all, new TreeSet<>());
    }
}
