// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/** What an agent has around its core: lanes, writers and readers that go each at its own pace. */
@NullUnmarked // a scaffold: what is missing fails the test that asks for it
final class StormShell {

    /** A mutation on its way. */
    private static final class Lane {
        final Mutation mutation;
        final long notBeforeNs;
        Outcome outcome;

        Lane(Mutation mutation, long notBeforeNs) {
            this.mutation = mutation;
            this.notBeforeNs = notBeforeNs;
        }
    }

    /** A reading on its way: one block or slot after the other. */
    private static final class Reading {
        final long startedNs;
        final List<NodeNumber> left;
        final TreeMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
        final TreeMap<NodeNumber, SlotReading> slots = new TreeMap<>();

        Reading(long startedNs, List<NodeNumber> left) {
            this.startedNs = startedNs;
            this.left = left;
        }
    }

    private final StormMachine machine;
    private final Storm storm;
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<RegionId, Report> writing = new TreeMap<>();
    private final Map<RegionId, Boolean> written = new TreeMap<>();
    private final Map<RegionId, Reading> boards = new TreeMap<>();
    private final Map<RegionId, Reading> scans = new TreeMap<>();
    private final Map<RegionId, Long> readAtNs = new TreeMap<>();
    private final Map<RegionId, Long> scannedAtNs = new TreeMap<>();
    private final Deque<Uevent> uevents = new ArrayDeque<>();
    private boolean overflow;
    private Optional<Evidence.KernelRead> kernelRead = Optional.empty();

    StormShell(StormMachine machine) {
        this.machine = machine;
        storm = machine.storm;
    }

    void dispatch(Mutation mutation) {
        boolean blocks = mutation instanceof Mutation.Stop && storm.chance(8);
        lanes.add(new Lane(mutation, blocks ? storm.nowNs + storm.random.nextInt(6000) * Storm.MS : 0));
    }

    void submit(Report content) {
        if (writing.containsKey(content.region())) {
            return; // one write in flight; its end plans again
        }
        Report report = content.withSeq(machine.state.lastOwnSeq(content.region()) + 1);
        writing.put(content.region(), report);
        machine.feed(new Evidence.ReportSubmitted(storm.nowNs, report));
    }

    void hear(Uevent uevent) {
        if (storm.chance(6)) {
            overflow = true;
            storm.say(machine, "misses " + uevent.action());
        } else {
            uevents.add(uevent);
        }
    }

    /** The last thread of a dying agent still ends what it is in, or never began it. */
    void dies() {
        for (Lane lane : lanes) {
            if (lane.outcome == null && !(lane.mutation instanceof Mutation.ResetNode) && storm.random.nextBoolean()) {
                execute(lane);
            }
        }
        writing.forEach((region, report) -> {
            if (!written.containsKey(region) && storm.random.nextBoolean()) {
                storm.disks.get(region).board.put(machine.number, report);
            }
        });
    }

    /** A random share of what can happen does. */
    void pass() {
        for (RegionId region : storm.disks.keySet()) {
            begin(boards, readAtNs, region, 300);
            begin(scans, scannedAtNs, region, 900);
        }
        for (int i = storm.calm ? 12 : storm.random.nextInt(14); i > 0 && alive(); i--) {
            step();
        }
        if (alive()) {
            machine.kernel.spaces.forEach((name, space) -> watch(name, space.status));
        }
    }

    private boolean alive() {
        return machine.agent && machine.shell == this;
    }

    private void watch(LockspaceName name, int status) {
        LockspaceState known = machine.state.lockspaces().get(name);
        if (known != null && known.kernel().status() != status) {
            machine.feed(new Evidence.RecoveryRead(storm.nowNs, storm.nowNs, name, status, 0));
        }
    }

    private void begin(Map<RegionId, Reading> kind, Map<RegionId, Long> lastNs, RegionId region, long everyMs) {
        if (!kind.containsKey(region) && storm.nowNs - lastNs.getOrDefault(region, 0L) >= everyMs * Storm.MS) {
            List<NodeNumber> nodes = new ArrayList<>(storm.machines.keySet());
            Collections.shuffle(nodes, storm.random);
            kind.put(region, new Reading(storm.nowNs, nodes));
            lastNs.put(region, storm.nowNs);
        }
    }

    private void step() {
        RegionId region = storm.random.nextBoolean() ? Storm.R : Storm.S;
        switch (storm.random.nextInt(6)) {
            case 0 -> write(region);
            case 1 -> readBoard(region);
            case 2 -> readSlots(region);
            case 3 -> kernel();
            default -> lane();
        }
    }

    private void write(RegionId region) {
        Report report = writing.get(region);
        if (report != null && !written.containsKey(region)) {
            storm.disks.get(region).board.put(machine.number, report);
            if (Boolean.getBoolean("storm.verbose")) {
                storm.say(machine, "wrote " + report);
            }
            written.put(region, true);
        } else if (report != null) {
            writing.remove(region);
            written.remove(region);
            machine.feed(new Evidence.ReportPublished(storm.nowNs, report));
        }
    }

    private void readBoard(RegionId region) {
        Reading reading = boards.get(region);
        for (int i = 1 + storm.random.nextInt(3); reading != null && i > 0 && !reading.left.isEmpty(); i--) {
            NodeNumber node = reading.left.remove(0);
            Report report = storm.disks.get(region).board.get(node);
            BlockReading whole = report == null ? new BlockReading.Vacant() : new BlockReading.Good(report);
            reading.blocks.put(node, storm.chance(1) ? new BlockReading.Bad("torn") : whole);
        }
        if (reading != null && reading.left.isEmpty()) {
            boards.remove(region);
            machine.feed(new Evidence.BoardScanned(storm.nowNs, reading.startedNs, region, reading.blocks));
        }
    }

    private void readSlots(RegionId region) {
        Reading reading = scans.get(region);
        while (reading != null && !reading.left.isEmpty()) {
            NodeNumber node = reading.left.remove(0);
            SlotBlock slot = storm.disks
                    .get(region)
                    .slots
                    .getOrDefault(node, new SlotBlock(0, 0, dev.lockstep.domain.Generation.NONE, 0));
            reading.slots.put(node, storm.chance(1) ? new SlotReading.BadChecksum() : new SlotReading.Good(slot));
        }
        if (reading != null) {
            scans.remove(region);
            machine.feed(new Evidence.SlotsScanned(storm.nowNs, reading.startedNs, region, reading.slots));
        }
    }

    private void kernel() {
        if (kernelRead.isPresent()) {
            Evidence.KernelRead read = kernelRead.get();
            kernelRead = Optional.empty();
            machine.feed(new Evidence.KernelRead(storm.nowNs, read.startedNs(), read.kernel(), read.afterOverflow()));
        } else if (overflow || storm.chance(2)) {
            KernelSnapshot snapshot = machine.kernel.snapshot(overflow);
            kernelRead = Optional.of(new Evidence.KernelRead(storm.nowNs, storm.nowNs, snapshot, overflow));
            overflow = false;
        } else if (!uevents.isEmpty()) {
            machine.feed(new Evidence.UeventReceived(storm.nowNs, uevents.remove()));
        }
    }

    private void lane() {
        if (lanes.isEmpty()) {
            return;
        }
        Lane lane = lanes.get(storm.random.nextInt(lanes.size()));
        if (lane.outcome != null) {
            lanes.remove(lane);
            machine.feed(new Evidence.Applied(storm.nowNs, lane.mutation, lane.outcome));
        } else if (storm.nowNs >= lane.notBeforeNs) {
            execute(lane);
        }
    }

    private void execute(Lane lane) {
        Outcome failure = new Outcome.Failed("EBUSY", Outcome.ErrorClass.AGAIN_LATER, "EBUSY");
        if (storm.chance(4)) {
            lane.outcome = failure;
            return;
        }
        Outcome outcome = apply(lane.mutation);
        // A stop ends with the write that stops, and fs/dlm's control = 0 knows no error; an answer is one write too.
        boolean oneWrite = lane.mutation instanceof Mutation.Answer || lane.mutation instanceof Mutation.Stop;
        boolean late = !oneWrite && storm.chance(2);
        lane.outcome = late && outcome instanceof Outcome.Done ? failure : outcome;
    }

    private Outcome apply(Mutation mutation) {
        StormKernel kernel = machine.kernel;
        if (mutation instanceof Mutation.RemoveComm remove) {
            if (kernel.panicsWithout(remove.node())) {
                throw new AssertionError(
                        "P7: node " + machine.number + " panics, comm of " + remove.node() + " removed while it runs");
            }
            kernel.comms.remove(remove.node());
        } else if (mutation instanceof Mutation.AddComm add) {
            kernel.comms.put(add.node(), add.boot());
        } else if (mutation instanceof Mutation.ResetNode reset) {
            storm.say(machine, "resets itself: " + reset.why());
            machine.crash();
        } else {
            LockspaceName name = mutation.lockspace().orElseThrow();
            StormKernel.Space space = kernel.spaces.get(name);
            return space == null
                    ? new Outcome.Failed("ENOENT", Outcome.ErrorClass.GONE, "no such lockspace")
                    : ofSpace(name, space, mutation);
        }
        return Outcome.Done.DONE;
    }

    private Outcome ofSpace(LockspaceName name, StormKernel.Space space, Mutation mutation) {
        if (mutation instanceof Mutation.Stop) {
            int before = space.status;
            space.running = false;
            space.status = 0;
            storm.say(machine, "stopped " + name);
            return new Outcome.Done(before);
        }
        if (mutation instanceof Mutation.Start start) {
            storm.judge.starts(machine, start);
            configure(space, start);
            space.everStarted = true;
            space.running = true;
            space.status = 0;
            space.epoch = start.epoch();
            space.view = start.view();
            storm.say(
                    machine,
                    "starts " + name + " " + start.epoch() + " with " + Storm.text(start.view()) + " renewing "
                            + start.renew());
            return Outcome.Done.DONE;
        }
        if (mutation instanceof Mutation.ForgetMembers) {
            space.configured = View.EMPTY;
            return Outcome.Done.DONE;
        }
        return answer(name, space, (Mutation.Answer) mutation);
    }

    /** What was not in configfs, or is renewed, is a fresh entry. */
    private static void configure(StormKernel.Space space, Mutation.Start start) {
        for (Member member : start.view().members()) {
            if (!space.configured.has(member.node()) || start.renew().contains(member.node())) {
                space.fresh.add(member.node());
            }
        }
        space.configured = start.view();
    }

    private Outcome answer(LockspaceName name, StormKernel.Space space, Mutation.Answer answer) {
        if (!space.asks.equals(Optional.of(answer.question()))) {
            throw new AssertionError("P8: event_done for " + answer + " while the kernel asks " + space.asks);
        }
        space.asks = Optional.empty();
        if (answer.question() == Uevent.Action.OFFLINE || answer.result() < 0) {
            if (space.running) {
                throw new AssertionError("P8: " + name + " released while it runs on node " + machine.number);
            }
            machine.kernel.spaces.remove(name);
            machine.uevent(Uevent.Action.REMOVE, name);
            if (storm.chance(30)) {
                machine.create(name);
            }
        }
        return Outcome.Done.DONE;
    }
}
