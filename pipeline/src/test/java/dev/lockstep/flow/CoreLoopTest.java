// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.Guards;
import dev.lockstep.core.Scope;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class CoreLoopTest {
    private static final Evidence FOUND = new Evidence.RegionFound(1, new RegionId("R"), true, "");

    private final ShellNode.Kept kept = new ShellNode.Kept();
    private final CoreLoop loop = loop();

    private CoreLoop loop() {
        LastingWriter lasting = new LastingWriter(kept, Schedulers.immediate());
        NodeNumber self = NodeNumber.of(1);
        ClusterFacts facts = new ClusterFacts(
                self,
                new BootId(1, 1),
                new TreeSet<>(List.of(self)),
                0,
                6,
                2_000_000_000L,
                0,
                new SettingsDigest(List.of()),
                Guards.NONE,
                ClusterFacts.FenceMode.SELF);
        return new CoreLoop(facts, () -> 1, event -> {}, kept, lasting);
    }

    @Test
    void nothingIsSavedOverWhatThePredecessorLeftBeforeItWasRead() {
        loop.observe(FOUND).forEach(loop::plan);
        assertThat(kept.saves).isZero();

        loop.observe(new Evidence.Started(1, Memory.blank(), KernelSnapshot.empty()));
        loop.plan(Scope.OfNode.NODE);
        assertThat(kept.saves).isEqualTo(1);
    }

    @Test
    void evidenceOfAThreadBesideTheCoresIsABug() {
        loop.note(FOUND);
        Mono<Boolean> beside = Mono.fromCallable(() -> {
            loop.note(FOUND);
            return true;
        });

        assertThatThrownBy(() -> beside.subscribeOn(Schedulers.boundedElastic()).block(Duration.ofSeconds(30)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the core's thread is ");
    }
}
