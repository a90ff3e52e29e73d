// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import static dev.lockstep.demo.DemoCluster.MAIL;
import static dev.lockstep.demo.DemoCluster.WEB;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.sim.SimDlmCall;
import dev.lockstep.sim.SimDlmNode.Grant;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What happens in the demo, scene by scene, and what must come of it. */
final class DemoStory {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String INODE = "inode 42";

    private final DemoCluster cluster;
    private final DemoScreen screen;
    private final List<DemoNode> nodes;

    DemoStory(DemoCluster cluster, List<DemoNode> nodes) {
        this.cluster = cluster;
        this.screen = cluster.screen();
        this.nodes = nodes;
    }

    void play() {
        join();
        die();
        comeBack();
        leaveOneRegion();
        restartAgent();
    }

    private DemoNode node(int number) {
        return nodes.get(number - 1);
    }

    private void join() {
        screen.scene("Three nodes create lockspace web (guarded by "
                + cluster.red().label() + ") and mail (" + cluster.blue().label() + ").");
        nodes.forEach(node -> create(node, WEB));
        nodes.forEach(node -> create(node, MAIL));
        runsOn(WEB, 1, 2, 3);
        runsOn(MAIL, 1, 2, 3);
        lock(node(3), WEB, Grant.GRANTED);
        lock(node(1), WEB, Grant.BUSY);
    }

    private void die() {
        screen.scene("Node 3 loses its power while it holds " + INODE + ".");
        cluster.record().killed();
        node(3).kill();
        lock(node(1), WEB, Grant.BUSY);
        runsOn(WEB, 1, 2);
        runsOn(MAIL, 1, 2);
        lock(node(1), WEB, Grant.GRANTED);
    }

    private void comeBack() {
        screen.scene("Node 3 boots again, under a new boot id.");
        nodes.set(2, new DemoNode(cluster, NodeNumber.of(3)));
        create(node(3), WEB);
        create(node(3), MAIL);
        runsOn(WEB, 1, 2, 3);
        runsOn(MAIL, 1, 2, 3);
        lock(node(3), WEB, Grant.BUSY);
    }

    private void leaveOneRegion() {
        screen.scene("Node 2 releases mail and leaves " + cluster.blue().label() + "; it stays in "
                + cluster.red().label() + ".");
        SimDlmCall released = node(2).kernel().release(MAIL);
        await("the release of mail on node 2", released::succeeded);
        node(2).leave(cluster.blue());
        runsOn(MAIL, 1, 3);
        int stops = cluster.record().stops();
        screen.say("node 2 heartbeats on " + cluster.blue().label() + " no more; nobody takes it for dead");
        stillnessAfter("leaving one region", stops, Duration.ofMillis(2500));
        runsOn(WEB, 1, 2, 3);
    }

    private void restartAgent() {
        screen.scene("The agent of node 1 is restarted; its kernel and its heartbeat go on.");
        int stops = cluster.record().stops();
        node(1).stopAgent();
        node(1).startAgent();
        stillnessAfter("restarting an agent", stops, Duration.ofMillis(1500));
        lock(node(3), WEB, Grant.BUSY);
        node(1).kernel().unlock(WEB, INODE);
        screen.say("node 1 releases " + INODE);
        lock(node(3), WEB, Grant.GRANTED);
    }

    private void create(DemoNode node, LockspaceName lockspace) {
        SimDlmCall call = node.kernel().create(lockspace);
        if (lockspace.equals(MAIL)
                && call.stage() == SimDlmCall.Stage.QUEUED
                && node.number().value() == 1) {
            screen.say("the create of mail waits for that of web: fs/dlm has one mutex for both");
        }
    }

    private void lock(DemoNode node, LockspaceName lockspace, Grant expected) {
        Grant grant = node.kernel().lock(lockspace, INODE);
        String said = "node " + node.number() + " asks for " + INODE + " in " + lockspace + ", exclusive: " + grant;
        if (grant == expected) {
            screen.say(said);
        } else {
            screen.failed(said + ", expected " + expected);
        }
    }

    private void stillnessAfter(String what, int stopsBefore, Duration watched) {
        pause(watched);
        int stops = cluster.record().stops() - stopsBefore;
        if (stops == 0) {
            screen.say("no lockspace was stopped by " + what);
        } else {
            screen.failed(stops + " lockspaces were stopped by " + what);
        }
    }

    private void runsOn(LockspaceName lockspace, Integer... numbers) {
        SortedSet<NodeNumber> members = new TreeSet<>();
        for (int number : numbers) {
            members.add(NodeNumber.of(number));
        }
        await(lockspace + " runs on nodes " + members, () -> cluster.fabric().runsOn(lockspace, members));
    }

    private void await(String what, BooleanSupplier condition) {
        long endNs = cluster.clock().nowNs() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (cluster.clock().nowNs() > endNs) {
                screen.failed(what + " did not happen within " + PATIENCE.toSeconds() + " s");
                return;
            }
            pause(Duration.ofMillis(5));
        }
    }

    private static void pause(Duration duration) {
        LockSupport.parkNanos(TimeUnit.NANOSECONDS.convert(duration));
    }
}
