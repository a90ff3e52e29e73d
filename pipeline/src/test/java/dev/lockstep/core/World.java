// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.board.SettingsDigest;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;

/**
 * A small cluster around the pure core: one region, a board of registers, kernels that keep fs/dlm's rules, and a
 * seeded choice of what happens next. Every start is judged against what really runs (P1 to P4, P7), every event_done
 * is counted (P8).
 */
@NullUnmarked // a scaffold: what is missing fails the test that asks for it
final class World {

    static final long MS = 1_000_000L;
    static final long PERIOD = 2000 * MS;
    static final int T = 6;
    static final RegionId REGION = new RegionId("R");
    static final LockspaceName FOO = new LockspaceName("foo");

    /** One machine. */
    final class Machine {
        final NodeNumber number;
        boolean up;
        boolean beats;
        BootId boot;
        Generation generation = Generation.NONE;
        long slotSeq;
        long beatAtNs;
        WorldKernel kernel = new WorldKernel();
        Memory memory = Memory.blank();
        boolean agent;
        State state;
        final List<Runnable> pending = new ArrayList<>();
        Optional<Report> writing = Optional.empty();
        long diedAtNs;
        int life;

        Machine(int number) {
            this.number = NodeNumber.of(number);
        }

        void boot() {
            boots++;
            life++;
            boot = new BootId(number.value(), boots);
            up = true;
            beats = true;
            generation = new Generation(random.nextLong() | 1);
            kernel = new WorldKernel();
            memory = Memory.blank();
            startAgent();
        }

        void crash() {
            up = false;
            beats = false;
            agent = false;
            life++;
            pending.clear();
            diedAtNs = nowNs;
        }

        void killAgent() {
            agent = false;
            life++;
            // What a lane has handed to the kernel still happens; the successor waits for it (AgentLock).
            List<Runnable> last = new ArrayList<>(pending);
            pending.clear();
            last.forEach(Runnable::run);
            pending.clear();
        }

        void startAgent() {
            agent = true;
            life++;
            writing = Optional.empty();
            ClusterFacts facts = new ClusterFacts(
                    number,
                    boot,
                    new TreeSet<>(machines.keySet()),
                    0,
                    T,
                    PERIOD,
                    PERIOD,
                    new SettingsDigest(List.of(1)),
                    Guards.NONE,
                    ClusterFacts.FenceMode.SELF);
            state = Core.initial(facts);
            feed(new Evidence.RegionFound(nowNs, REGION, true, ""));
            feed(new Evidence.Started(nowNs, memory, kernel.snapshot()));
        }

        void feed(Evidence evidence) {
            Observed observed = Core.observe(state, evidence);
            state = observed.state();
            (evidence instanceof Evidence.Tick ? Core.scopes(state) : observed.dirty()).forEach(this::plan);
        }

        private void plan(Scope scope) {
            Planned planned = Core.plan(state, scope);
            for (int rounds = 0; !planned.decisions().isEmpty(); rounds++) {
                if (rounds > 100) {
                    throw new AssertionError("decisions without end: " + planned.decisions());
                }
                for (var decision : planned.decisions()) {
                    state = Core.observe(state, new Evidence.Decided(nowNs, decision))
                            .state();
                }
                planned = Core.plan(state, scope);
            }
            planned.mutations().forEach(this::dispatch);
            planned.report().ifPresent(this::report);
        }

        private void dispatch(Mutation mutation) {
            state = Core.observe(state, new Evidence.Dispatched(nowNs, mutation))
                    .state();
            memory = Core.memory(state);
            int thisLife = life;
            pending.add(() -> {
                Outcome outcome = execute(this, mutation);
                if (agent && thisLife == life) {
                    pending.add(() -> feed(new Evidence.Applied(nowNs, mutation, outcome)));
                }
            });
        }

        private void report(Report content) {
            if (writing.isPresent()) {
                return;
            }
            Report report = content.withSeq(state.lastOwnSeq(REGION) + 1);
            writing = Optional.of(report);
            feed(new Evidence.ReportSubmitted(nowNs, report));
            pending.add(() -> {
                board.put(number, report);
                pending.add(() -> {
                    writing = Optional.empty();
                    feed(new Evidence.ReportPublished(nowNs, report));
                });
            });
        }

        void readBoard() {
            long started = nowNs;
            SortedMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
            machines.keySet()
                    .forEach(n -> blocks.put(
                            n, board.containsKey(n) ? new BlockReading.Good(board.get(n)) : new BlockReading.Vacant()));
            pending.add(() -> feed(new Evidence.BoardScanned(nowNs, started, REGION, blocks)));
        }

        void scan() {
            SortedMap<NodeNumber, SlotReading> slots = new TreeMap<>();
            machines.forEach((n, m) -> slots.put(
                    n, new SlotReading.Good(new SlotBlock(m.slotSeq, n.value(), m.slotGeneration(), T * 2000L))));
            feed(new Evidence.SlotsScanned(nowNs, nowNs, REGION, slots));
        }

        Generation slotGeneration() {
            return shown;
        }

        Generation shown = Generation.NONE;

        void step() {
            if (!pending.isEmpty()) {
                pending.remove(0).run();
            }
        }
    }

    final Random random;
    final SortedMap<NodeNumber, Machine> machines = new TreeMap<>();
    final Map<NodeNumber, Report> board = new HashMap<>();
    final Map<Epoch, View> startedViews = new HashMap<>();
    final List<String> story = new ArrayList<>();
    long nowNs = 1000 * MS;
    long boots;

    World(long seed, int nodes) {
        random = new Random(seed);
        for (int n = 1; n <= nodes; n++) {
            machines.put(NodeNumber.of(n), new Machine(n));
        }
        machines.values().forEach(Machine::boot);
    }

    Machine machine(int number) {
        return machines.get(NodeNumber.of(number));
    }

    void create(Machine machine) {
        if (machine.up && !machine.kernel.spaces.containsKey(FOO)) {
            machine.kernel.spaces.put(FOO, new WorldKernel.Space());
            say(machine, "creates");
            uevent(machine, Uevent.Action.ONLINE);
        }
    }

    void release(Machine machine) {
        WorldKernel.Space space = machine.kernel.spaces.get(FOO);
        if (machine.up && space != null && space.asks.isEmpty() && !space.inRelease && space.everStarted) {
            space.asks = Optional.of(Uevent.Action.OFFLINE);
            space.inRelease = true;
            say(machine, "releases");
            uevent(machine, Uevent.Action.OFFLINE);
        }
    }

    private void uevent(Machine machine, Uevent.Action action) {
        if (machine.agent) {
            machine.feed(new Evidence.UeventReceived(nowNs, new Uevent(action, FOO)));
        }
    }

    private Outcome execute(Machine machine, Mutation mutation) {
        if (mutation instanceof Mutation.RemoveComm remove) {
            if (machine.kernel.runsWith(remove.node())) {
                throw new AssertionError(
                        "P7: comm of " + remove.node() + " removed under a running lockspace on " + machine.number);
            }
            machine.kernel.comms.remove(remove.node());
            return Outcome.Done.DONE;
        }
        if (mutation instanceof Mutation.AddComm add) {
            machine.kernel.comms.put(add.node(), add.boot());
            return Outcome.Done.DONE;
        }
        if (mutation instanceof Mutation.ResetNode reset) {
            say(machine, "resets itself: " + reset.why());
            machine.crash();
            return Outcome.Done.DONE;
        }
        WorldKernel.Space space = machine.kernel.spaces.get(FOO);
        if (space == null) {
            return new Outcome.Failed("ENOENT", Outcome.ErrorClass.GONE, "no such lockspace");
        }
        return ofSpace(machine, space, mutation);
    }

    private Outcome ofSpace(Machine machine, WorldKernel.Space space, Mutation mutation) {
        if (mutation instanceof Mutation.Stop) {
            int before = space.status;
            space.running = false;
            space.status = 0;
            say(machine, "stopped");
            return new Outcome.Done(before);
        }
        if (mutation instanceof Mutation.Start start) {
            judgeStart(machine, start);
            space.everStarted = true;
            space.running = true;
            space.epoch = start.epoch();
            space.view = start.view();
            space.configured = start.view();
            space.status = 1;
            say(machine, "starts " + start.epoch() + " with " + WorldKernel.text(start.view()));
            return Outcome.Done.DONE;
        }
        if (mutation instanceof Mutation.ForgetMembers) {
            space.configured = View.EMPTY;
            return Outcome.Done.DONE;
        }
        Mutation.Answer answer = (Mutation.Answer) mutation;
        if (!space.asks.equals(Optional.of(answer.question()))) {
            throw new AssertionError("P8: event_done for " + answer + " while the kernel asks " + space.asks);
        }
        space.asks = Optional.empty();
        if (answer.question() == Uevent.Action.OFFLINE || answer.result() < 0) {
            if (space.running) {
                throw new AssertionError("P8: released while it runs on " + machine.number);
            }
            machine.kernel.spaces.remove(FOO);
            uevent(machine, Uevent.Action.REMOVE);
        }
        return Outcome.Done.DONE;
    }

    private void judgeStart(Machine machine, Mutation.Start start) {
        View known = startedViews.putIfAbsent(start.epoch(), start.view());
        if (known != null && !known.equals(start.view())) {
            throw new AssertionError("P1: epoch " + start.epoch() + " with two views");
        }
        for (Machine other : machines.values()) {
            if (other == machine || !other.up) {
                continue;
            }
            Optional<Member> member = start.view().member(other.number);
            WorldKernel.Space space = other.kernel.spaces.get(FOO);
            boolean runsOther = space != null && space.running && !space.epoch.equals(start.epoch());
            if (runsOther) {
                throw new AssertionError("P2: " + machine.number + " starts " + start.epoch() + " while " + other.number
                        + " runs " + space.epoch);
            }
            boolean inView = member.filter(m -> m.boot().equals(other.boot)).isPresent();
            if (!inView && other.kernel.mayHoldLocks(FOO)) {
                throw new AssertionError("P3: " + machine.number + " starts " + start.epoch() + " without "
                        + other.number + ", which may hold locks");
            }
        }
        judgeComms(machine, start);
    }

    private void judgeComms(Machine machine, Mutation.Start start) {
        for (Member member : start.view().members()) {
            BootId comm = machine.kernel.comms.get(member.node());
            if (!member.node().equals(machine.number) && !member.boot().equals(comm)) {
                throw new AssertionError("P7: start with a comm of another boot for " + member.node());
            }
        }
        machine.kernel.comms.forEach((node, boot) -> {
            Machine peer = machines.get(node);
            if (!start.view().has(node) && !(peer.up && peer.boot.equals(boot)) && lostUncleanly(machine, node, boot)) {
                throw new AssertionError("P7: comm of dead " + node + " kept over a start");
            }
        });
    }

    private boolean lostUncleanly(Machine machine, NodeNumber node, BootId boot) {
        WorldKernel.Space space = machine.kernel.spaces.get(FOO);
        Report report = board.get(node);
        boolean listed = report != null
                && report.boot().equals(boot)
                && report.lockspace(FOO)
                        .filter(e -> e.phase() != dev.lockstep.board.Phase.LEAVING)
                        .isPresent();
        return space != null
                && listed
                && space.view.member(node).filter(m -> m.boot().equals(boot)).isPresent();
    }

    void say(Machine machine, String what) {
        story.add(nowNs / MS + " ms, node " + machine.number + ": " + what);
    }

    /** Time passes for everybody: beats, scans, board reads, recovery, a random share of what is pending. */
    void pass(long ms) {
        nowNs += ms * MS;
        for (Machine m : machines.values()) {
            if (m.up && m.beats && nowNs - m.beatAtNs >= PERIOD) {
                m.beatAtNs = nowNs;
                m.slotSeq++;
                m.shown = m.generation;
            }
            if (!m.agent) {
                continue;
            }
            if (random.nextInt(10) < 3) {
                m.scan();
            }
            if (m.agent && random.nextInt(10) < 4) {
                m.readBoard();
            }
            for (int i = random.nextInt(8); m.agent && i > 0; i--) {
                m.step();
            }
            if (m.agent) {
                recovery(m);
            }
            if (m.agent) {
                m.feed(new Evidence.Tick(nowNs));
                m.memory = m.agent ? Core.memory(m.state) : m.memory;
            }
        }
    }

    /** The kernel's own barrier: done once every member runs the same epoch. */
    private void recovery(Machine m) {
        WorldKernel.Space space = m.kernel.spaces.get(FOO);
        if (space == null || !space.running) {
            return;
        }
        boolean all = space.view.members().stream().allMatch(member -> {
            Machine peer = machines.get(member.node());
            WorldKernel.Space theirs = peer.kernel.spaces.get(FOO);
            return peer.up && theirs != null && theirs.running && theirs.epoch.equals(space.epoch);
        });
        space.status = all ? 0xff : 1;
        int status = space.status;
        m.feed(new Evidence.RecoveryRead(nowNs, nowNs, FOO, status, 0));
    }

    String tell(long seed) {
        StringBuilder text = new StringBuilder("seed " + seed + "\n");
        story.forEach(s -> text.append(s).append('\n'));
        machines.values().forEach(m -> {
            text.append("node ").append(m.number).append(m.up ? " up" : " down").append(m.agent ? " agent" : "");
            if (m.state != null && m.state.lockspaces().get(FOO) != null) {
                LockspaceState l = m.state.lockspaces().get(FOO);
                text.append(' ').append(l.phase()).append(l.epoch()).append(' ').append(WorldKernel.text(l.view()));
                text.append(l.kernel().run())
                        .append(' ')
                        .append(l.unanswered())
                        .append(' ')
                        .append(l.reasons());
            }
            text.append('\n');
        });
        return text.toString();
    }
}
