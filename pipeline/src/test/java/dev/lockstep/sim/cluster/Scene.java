// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.core.State;
import dev.lockstep.domain.NodeNumber;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** A simulated cluster for tests that tell their own story: nothing goes wrong in it by itself. */
final class Scene {
    private final SimCluster cluster;

    Scene(SimSettings settings) {
        cluster = new SimCluster(settings, 1, true);
        cluster.calm();
    }

    SimCluster cluster() {
        return cluster;
    }

    SimNode node(NodeNumber number) {
        return Objects.requireNonNull(cluster.nodes().get(number));
    }

    State state(NodeNumber number) {
        return node(number).state().orElseThrow();
    }

    void pass(Duration duration) {
        cluster.time().runTo(cluster.time().nowNs() + duration.toNanos());
        cluster.judge();
    }

    /** Lets all lockspaces run on all nodes. */
    void running() {
        cluster.nodes().values().forEach(SimNode::boot);
        pass(Duration.ofSeconds(20));
        cluster.nodes().values().forEach(this::create);
        pass(Duration.ofSeconds(60));
        assertThat(runsOn(cluster.numbers().toArray(NodeNumber[]::new)))
                .as("%s", cluster.story())
                .isTrue();
    }

    /** A program on the node creates all lockspaces. */
    void create(SimNode node) {
        cluster.settings().lockspaces().forEach(node.kernel()::create);
    }

    boolean runsOn(NodeNumber... numbers) {
        SortedSet<NodeNumber> wanted = new TreeSet<>(List.of(numbers));
        return cluster.settings().lockspaces().stream()
                .allMatch(name -> cluster.fabric().runsOn(name, wanted));
    }
}
