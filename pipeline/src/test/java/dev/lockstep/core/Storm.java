// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.heartbeat.SlotBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/**
 * A cluster of cores on two regions with a lockspace each, in which nothing is atomic: blocks are read one by one while
 * others write, every lane, writer and reader goes at its own pace, kernel writes fail or block, uevents are lost,
 * agents and machines stop anywhere.
 */
@NullUnmarked // a scaffold: what is missing fails the test that asks for it
final class Storm {

    static final long MS = 1_000_000L;
    static final long PERIOD = 2000 * MS;
    static final int T = 6;
    static final RegionId R = new RegionId("R");
    static final RegionId S = new RegionId("S");
    static final LockspaceName FOO = new LockspaceName("foo");
    static final LockspaceName BAR = new LockspaceName("bar");
    static final Guards GUARDS =
            new Guards(List.of(new Guards.Rule("foo", R), new Guards.Rule("bar", S)), Guards.FOUND_ONLY);

    /** One region's disk. */
    static final class Disk {
        final SortedMap<NodeNumber, SlotBlock> slots = new TreeMap<>();
        final SortedMap<NodeNumber, Report> board = new TreeMap<>();
    }

    private static final int TOLD = Integer.getInteger("storm.told", 120);

    final Random random;
    final SortedMap<RegionId, Disk> disks = new TreeMap<>();
    final SortedMap<NodeNumber, StormMachine> machines = new TreeMap<>();
    final StormJudge judge = new StormJudge(this);
    final List<String> story = new ArrayList<>();
    boolean calm;
    long nowNs = 1000 * MS;
    int boots;

    Storm(long seed, int nodes) {
        random = new Random(seed);
        disks.put(R, new Disk());
        disks.put(S, new Disk());
        for (int n = 1; n <= nodes; n++) {
            machines.put(NodeNumber.of(n), new StormMachine(this, n));
        }
        machines.values().forEach(StormMachine::boot);
    }

    StormMachine machine(int number) {
        return machines.get(NodeNumber.of(number));
    }

    boolean chance(int percent) {
        return !calm && random.nextInt(100) < percent;
    }

    void pass(long ms) {
        nowNs += ms * MS;
        machines.values().forEach(StormMachine::pass);
    }

    void run(long ms) {
        for (long passed = 0; passed < ms; passed += 100) {
            pass(100);
        }
    }

    /** Everything that can be brought back is. */
    void heal() {
        calm = true;
        machines.values().forEach(StormMachine::heal);
    }

    /** {@return whether the lockspace runs, recovered, in one view of all machines} */
    boolean inOneView(LockspaceName name) {
        List<View> views = machines.values().stream()
                .filter(m -> m.up && m.agent && m.state.lockspaces().containsKey(name))
                .map(m -> m.state.lockspaces().get(name))
                .filter(l -> l.in(Phase.STARTED) && l.kernel().recovered())
                .map(LockspaceState::view)
                .toList();
        return views.size() == machines.size() && views.stream().distinct().count() == 1;
    }

    void say(StormMachine machine, String what) {
        story.add(nowNs / MS + " ms, node " + machine.number + ": " + what);
    }

    String tell(long seed) {
        StringBuilder text = new StringBuilder("seed " + seed + "\n");
        story.stream()
                .skip(Math.max(0, story.size() - TOLD))
                .forEach(s -> text.append(s).append('\n'));
        machines.values().forEach(m -> text.append(m.tell()).append('\n'));
        return text.toString();
    }

    static String text(View view) {
        return view.members().stream()
                .map(m -> m.node() + "/" + m.join())
                .toList()
                .toString();
    }
}
