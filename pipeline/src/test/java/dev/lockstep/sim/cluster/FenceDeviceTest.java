// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Eviction;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** fence = command, whole agents on a simulated power switch. */
class FenceDeviceTest {
    private static final NodeNumber ONE = NodeNumber.of(1);
    private static final NodeNumber TWO = NodeNumber.of(2);
    private static final NodeNumber THREE = NodeNumber.of(3);
    private static final LockspaceName APPLE = new LockspaceName("apple");

    private final SimCluster cluster = new SimCluster(SimSettings.ofNodes(3).withFenceCommand(), 1, true);

    /** All lockspaces run on all nodes. */
    private void running() {
        cluster.calm();
        cluster.nodes().values().forEach(SimNode::boot);
        pass(Duration.ofSeconds(20));
        cluster.nodes().values().forEach(node -> cluster.settings().lockspaces().forEach(node.kernel()::create));
        pass(Duration.ofSeconds(60));
        cluster.settings()
                .lockspaces()
                .forEach(name -> assertThat(cluster.fabric().runsOn(name, new TreeSet<>(cluster.numbers())))
                        .as("%s runs; %s", name, cluster.story())
                        .isTrue());
    }

    private void pass(Duration duration) {
        cluster.time().runTo(cluster.time().nowNs() + duration.toNanos());
        cluster.judge();
    }

    private SimNode node(NodeNumber number) {
        return Objects.requireNonNull(cluster.nodes().get(number));
    }

    private State state(NodeNumber number) {
        return node(number).state().orElseThrow();
    }

    private boolean runsOn(NodeNumber... numbers) {
        SortedSet<NodeNumber> wanted = new TreeSet<>(List.of(numbers));
        return cluster.settings().lockspaces().stream()
                .allMatch(name -> cluster.fabric().runsOn(name, wanted));
    }

    private List<String> orders() {
        return cluster.story().stream()
                .filter(line -> line.matches("\\d+ ms node \\d: fence node .*"))
                .toList();
    }

    @Test
    void aMachinePausedPastTheThresholdIsSwitchedOffBeforeItsLocksAreGivenAway() {
        running();
        node(THREE).kernel().lock(APPLE, "one");
        pass(Duration.ofSeconds(1));
        node(THREE).pause(Duration.ofMinutes(5));
        node(ONE).kernel().lock(APPLE, "one");
        pass(Duration.ofSeconds(14));
        assertThat(node(THREE).up()).isTrue();
        assertThat(orders()).isEmpty();

        pass(Duration.ofSeconds(30));
        assertThat(node(THREE).up()).isFalse();
        assertThat(runsOn(ONE, TWO)).isTrue();
        assertThat(orders()).hasSize(1).first().asString().contains("node 1: fence node 3");
        pass(Duration.ofMinutes(6));
        assertThat(cluster.violations()).isEmpty();
    }

    @Test
    void theNextNodeTakesOverATurnLaterWhenTheLowestHasNoAgent() {
        running();
        BootId boot = node(THREE).bootId();
        node(ONE).killAgent();
        node(THREE).crash("loses its power");
        pass(cluster.settings().dead().plus(Duration.ofSeconds(10)));
        assertThat(orders()).isEmpty();
        pass(SimSettings.COMMAND_TIMEOUT.plus(Duration.ofSeconds(20)));
        assertThat(orders()).hasSize(1).first().asString().contains("node 2: fence node 3");
        assertThat(state(TWO).evictions()).anyMatch(e -> e.boot().equals(boot) && e.kind() == Eviction.Kind.FENCED);

        node(ONE).startAgent();
        pass(Duration.ofSeconds(30));
        assertThat(runsOn(ONE, TWO)).isTrue();
        assertThat(orders()).hasSize(1);
        assertThat(cluster.violations()).isEmpty();
    }

    @Test
    void bothNodesNameTheFencingWhileTheyWait() {
        running();
        node(THREE).crash("loses its power");
        boolean named = false;
        for (int second = 0; second < 40 && !named; second++) {
            pass(Duration.ofSeconds(1));
            named = waitsFor(ONE, ReasonCode.FENCING) && waitsFor(TWO, ReasonCode.FENCING);
        }
        assertThat(named).isTrue();
        pass(Duration.ofSeconds(30));
        assertThat(runsOn(ONE, TWO)).isTrue();
    }

    private boolean waitsFor(NodeNumber number, ReasonCode code) {
        return state(number).lockspaces().values().stream()
                .flatMap(lockspace -> lockspace.reasons().stream())
                .map(Reason::code)
                .anyMatch(code::equals);
    }
}
