// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Links;
import dev.lockstep.board.Report;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** P10: the verdict over a network that is cut between heartbeating nodes. */
class SplitTest {

    private static final int AFTER_PERIODS = 10;

    private static Solo running(boolean losersGo, int nodes) {
        long afterNs = losersGo ? AFTER_PERIODS * Solo.PERIOD : FencePolicy.NEVER;
        FencePolicy policy = new FencePolicy(FenceMode.SELF, 60_000 * Solo.MS, FencePolicy.NEVER, afterNs);
        Solo solo = new Solo(policy, nodes, R).alive();
        int[] peers = IntStream.rangeClosed(2, nodes).toArray();
        int[] all = IntStream.rangeClosed(1, nodes).toArray();
        IntStream.of(peers).forEach(peer -> solo.session(R, peer, Solo.generation(peer, 1)));
        solo.periods(4, all);
        IntStream.of(peers).forEach(peer -> solo.says(R, peer, 1, 1));
        solo.periods(1, all);
        solo.runs(FOO, R, peers);
        probes(solo, LinkState.ANSWERS, true, peers);
        solo.periods(2, all);
        return solo;
    }

    private static void probes(Solo solo, int count, boolean answered, int... peers) {
        for (int i = 0; i < count; i++) {
            for (int peer : peers) {
                solo.feed(new Evidence.PeerProbed(solo.nowNs, NodeNumber.of(peer), answered));
            }
        }
    }

    private static SortedSet<NodeNumber> nodes(int... numbers) {
        SortedSet<NodeNumber> nodes = new TreeSet<>();
        IntStream.of(numbers).forEach(n -> nodes.add(NodeNumber.of(n)));
        return nodes;
    }

    /** A peer's row. */
    private static void row(Solo solo, int writer, int... cut) {
        Report b = solo.block(R, writer);
        solo.writes(new Report(
                R,
                b.node(),
                b.boot(),
                b.generation(),
                b.seq() + 1,
                b.settings(),
                b.mustGo(),
                b.floor(),
                b.evictions(),
                b.lockspaces(),
                b.fences(),
                new Links(nodes(), nodes(cut))));
    }

    private static Collection<NodeNumber> losers(Solo solo) {
        return solo.state.node().mesh().split(R).map(Split::lose).orElseGet(TreeSet::new);
    }

    @Test
    void theOwnRowTellsWhoAnswersAndWhoDoesNoMore() {
        Solo solo = running(false, 3);
        assertThat(solo.block(R, 1).links()).isEqualTo(new Links(nodes(2, 3), nodes()));
        probes(solo, LinkState.MISSES, false, 3);
        solo.periods(1, 1, 2, 3);
        assertThat(solo.block(R, 1).links()).isEqualTo(new Links(nodes(2), nodes(3)));
    }

    @Test
    void aLostProbeIsNoCutAndAFlapIsNoMendedLink() {
        Solo solo = running(false, 2);
        for (int i = 0; i < 10; i++) {
            probes(solo, LinkState.MISSES - 1, false, 2);
            probes(solo, 1, true, 2);
        }
        assertThat(solo.state.node().mesh().row().cut()).isEmpty();
        probes(solo, LinkState.MISSES, false, 2);
        for (int i = 0; i < 10; i++) {
            probes(solo, LinkState.ANSWERS - 1, true, 2);
            probes(solo, 1, false, 2);
        }
        assertThat(solo.state.node().mesh().row().cut()).containsExactly(NodeNumber.of(2));
        probes(solo, LinkState.ANSWERS, true, 2);
        assertThat(solo.state.node().mesh().row()).isEqualTo(new Links(nodes(2), nodes()));
    }

    @Test
    void whoNeverAnsweredIsNotCutOff() {
        Solo solo = new Solo(2, R).alive();
        probes(solo, 100, false, 2);
        assertThat(solo.state.node().mesh().row()).isEqualTo(Links.NONE);
        assertThat(solo.block(R, 1).links()).isEqualTo(Links.NONE);
    }

    @Test
    void aCutThatOnlyOneEndSeesIsNone() {
        Solo solo = running(true, 3);
        probes(solo, LinkState.MISSES, false, 2, 3);
        solo.periods(3 * AFTER_PERIODS, 1, 2, 3);
        assertThat(losers(solo)).isEmpty();
        assertThat(solo.state.mustGo()).isEmpty();
    }

    @Test
    void aNodeThatCallsItselfCutOffIsNoSplit() {
        Solo solo = running(true, 3);
        row(solo, 3, 3);
        solo.periods(2, 1, 2, 3);
        assertThat(solo.state.node().mesh().split(R)).isEmpty();
    }

    @Test
    void aSplitIsShownWhileItsLockspacesRun() {
        Solo solo = running(false, 3);
        probes(solo, LinkState.MISSES, false, 3);
        row(solo, 3, 1);
        solo.periods(2, 1, 2, 3);
        assertThat(losers(solo)).containsExactly(NodeNumber.of(3)); // {1, 2} and {2, 3} are as large
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.SPLIT);
        solo.periods(10 * AFTER_PERIODS, 1, 2, 3);
        assertThat(solo.open).isEmpty();
        row(solo, 3);
        solo.periods(2, 1, 2, 3);
        assertThat(solo.why(FOO)).isEmpty();
    }

    @Test
    void theLargerSetGoesOnAndTheLoserGoesOnceTheVerdictHasStood() {
        Solo solo = running(true, 3);
        probes(solo, LinkState.MISSES, false, 2, 3);
        row(solo, 2, 1);
        row(solo, 3, 1);
        solo.periods(AFTER_PERIODS - 1, 1, 2, 3);
        assertThat(losers(solo)).containsExactly(NodeNumber.of(1));
        assertThat(solo.state.mustGo()).isEmpty();
        solo.periods(3, 1, 2, 3);
        assertThat(solo.state.mustGo())
                .hasValueSatisfying(why -> assertThat(why).contains("lost the split"));
        solo.done(solo.take(Mutation.Stop.class));
        solo.publish();
        assertThat(solo.block(R, 1).mustGo()).isTrue();
        solo.take(Mutation.ResetNode.class);
    }

    @Test
    void aLinkThatIsMendedInTimeMakesNobodyGo() {
        Solo solo = running(true, 3);
        probes(solo, LinkState.MISSES, false, 2, 3);
        for (int round = 0; round < 10; round++) {
            row(solo, 2, 1);
            row(solo, 3, 1);
            solo.periods(AFTER_PERIODS - 2, 1, 2, 3);
            row(solo, 2);
            row(solo, 3);
            solo.periods(2, 1, 2, 3);
        }
        assertThat(solo.state.mustGo()).isEmpty();
    }

    @Test
    void theWinnersKeepTheirHandsOffTheLosers() {
        Solo solo = running(true, 3);
        probes(solo, LinkState.MISSES, false, 3);
        row(solo, 3, 1, 2);
        row(solo, 2, 3);
        solo.periods(5 * AFTER_PERIODS, 1, 2, 3);
        assertThat(losers(solo)).containsExactly(NodeNumber.of(3));
        assertThat(solo.state.mustGo()).isEmpty();
        assertThat(solo.state.evictions()).isEmpty();
        assertThat(solo.open).isEmpty();
    }

    @Test
    void ofTwoHalvesTheOneWithTheLowestNodeGoesOn() {
        Solo solo = running(false, 4);
        probes(solo, LinkState.MISSES, false, 2, 3);
        row(solo, 2, 1, 4);
        row(solo, 3, 1, 4);
        row(solo, 4, 2, 3);
        solo.periods(2, 1, 2, 3, 4);
        assertThat(losers(solo)).isEqualTo(nodes(2, 3));
    }

    @Test
    void whoHasNoPartInAnyLockspaceIsNoLoserAndCountsForNothing() {
        Solo solo = running(true, 3);
        solo.says(R, 3, 1, 1);
        probes(solo, LinkState.MISSES, false, 3);
        row(solo, 3, 1, 2);
        row(solo, 2, 3);
        solo.periods(2, 1, 2, 3);
        assertThat(losers(solo)).isEmpty();
    }

    @Test
    void aRestartedAgentRemembersThatACutLinkWasUp() {
        Solo solo = running(false, 2);
        probes(solo, LinkState.MISSES, false, 2);
        solo.periods(1, 1, 2);
        solo.start(Memory.blank(), KernelSnapshot.empty());
        solo.read();
        assertThat(solo.state.node().mesh().row().cut()).containsExactly(NodeNumber.of(2));
    }
}
