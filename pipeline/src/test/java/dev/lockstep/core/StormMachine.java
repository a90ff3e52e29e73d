// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.uevent.Uevent;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;

/** A machine: its kernel, its heartbeats, and its agent while it has one. */
@NullUnmarked // a scaffold: what is missing fails the test that asks for it
final class StormMachine {

    /** One region's heartbeat. */
    static final class Beat {
        Generation generation = Generation.NONE;
        long atNs;
    }

    final Storm storm;
    final NodeNumber number;
    final TreeMap<RegionId, Beat> beats = new TreeMap<>();
    boolean up;
    boolean agent;
    long pausedUntilNs;
    BootId boot;
    StormKernel kernel = new StormKernel();
    Memory memory;
    State state;
    StormShell shell;
    private long tickedNs;

    StormMachine(Storm storm, int number) {
        this.storm = storm;
        this.number = NodeNumber.of(number);
    }

    void boot() {
        boot = new BootId(number.value(), ++storm.boots);
        up = true;
        pausedUntilNs = 0;
        kernel = new StormKernel();
        memory = memory == null ? Memory.blank() : Memory.of(memory.lasting());
        storm.disks.keySet().forEach(this::startRegion);
        storm.say(this, "boots");
        startAgent();
    }

    void startRegion(RegionId region) {
        Beat beat = new Beat();
        beat.generation = new Generation(storm.random.nextLong() | 1);
        beat.atNs = storm.nowNs;
        beats.put(region, beat);
    }

    void stopRegion(RegionId region) {
        beats.get(region).generation = Generation.NONE;
        write(region, Generation.NONE);
        beats.remove(region);
    }

    void crash() {
        storm.say(this, "crashes");
        storm.judge.died(this);
        killAgent();
        up = false;
        beats.clear();
        kernel = new StormKernel();
    }

    void killAgent() {
        if (agent) {
            agent = false;
            shell.dies();
        }
    }

    void startAgent() {
        agent = true;
        ClusterFacts facts = new ClusterFacts(
                number,
                boot,
                new TreeSet<>(storm.machines.keySet()),
                0,
                Storm.T,
                Storm.PERIOD,
                Storm.PERIOD,
                new SettingsDigest(List.of(1)),
                Storm.GUARDS,
                ClusterFacts.FenceMode.SELF);
        state = Core.initial(facts);
        shell = new StormShell(this);
        storm.disks.keySet().forEach(region -> feed(new Evidence.RegionFound(storm.nowNs, region, true, "")));
        feed(new Evidence.Started(storm.nowNs, memory, kernel.snapshot(true)));
    }

    void heal() {
        pausedUntilNs = 0;
        if (!up) {
            boot();
        }
        storm.disks.keySet().stream().filter(r -> !beats.containsKey(r)).forEach(this::startRegion);
        if (!agent) {
            startAgent();
        }
    }

    void create(LockspaceName name) {
        if (up && !kernel.spaces.containsKey(name)) {
            kernel.spaces.put(name, new StormKernel.Space());
            storm.say(this, "creates " + name);
            uevent(Uevent.Action.ONLINE, name);
        }
    }

    void release(LockspaceName name) {
        StormKernel.Space space = kernel.spaces.get(name);
        if (up && space != null && space.asks.isEmpty() && !space.inRelease && space.status == 0xff) {
            space.asks = java.util.Optional.of(Uevent.Action.OFFLINE);
            space.inRelease = true;
            storm.say(this, "releases " + name);
            uevent(Uevent.Action.OFFLINE, name);
        }
    }

    void uevent(Uevent.Action action, LockspaceName name) {
        if (agent) {
            shell.hear(new Uevent(action, name));
        }
    }

    void pass() {
        if (!up || storm.nowNs < pausedUntilNs) {
            selfFence();
            return;
        }
        selfFence();
        beats.forEach((region, beat) -> {
            if (storm.nowNs - beat.atNs >= Storm.PERIOD) {
                beat.atNs = storm.nowNs;
                write(region, beat.generation);
            }
        });
        if (up) {
            kernel.spaces.forEach(this::recovers);
        }
        if (agent) {
            shell.pass();
        }
        if (agent && storm.nowNs - tickedNs >= 400 * Storm.MS) {
            tickedNs = storm.nowNs;
            feed(new Evidence.Tick(storm.nowNs));
        }
    }

    /** o2hb resets a machine whose write did not complete for T − 1 periods. */
    private void selfFence() {
        long late = (Storm.T - 1) * Storm.PERIOD;
        if (up && beats.values().stream().anyMatch(b -> storm.nowNs - b.atNs > late)) {
            crash();
        }
    }

    private void write(RegionId region, Generation generation) {
        SlotBlock before = storm.disks.get(region).slots.get(number);
        long seq = before == null ? 1 : before.seq() + 1;
        storm.disks.get(region).slots.put(number, new SlotBlock(seq, number.value(), generation, Storm.T * 2000L));
    }

    private void recovers(LockspaceName name, StormKernel.Space space) {
        if (!space.running) {
            return;
        }
        if (space.status == 0 && storm.random.nextInt(3) == 0) {
            storm.judge.takesIn(this, name, space);
            space.status = 1;
        } else if (space.status == 1) {
            boolean all = space.view.members().stream().allMatch(member -> {
                StormMachine peer = storm.machines.get(member.node());
                StormKernel.Space theirs = peer.kernel.spaces.get(name);
                return peer.up && theirs != null && theirs.status != 0 && theirs.epoch.equals(space.epoch);
            });
            if (all) {
                space.status = 0xff;
                storm.judge.recovered(this, name, space);
            }
        }
    }

    void feed(Evidence evidence) {
        Observed observed = Core.observe(state, evidence);
        state = observed.state();
        if (Boolean.getBoolean("storm.verbose")) {
            observed.events().forEach(e -> storm.say(this, e.toString()));
        }
        (evidence instanceof Evidence.Tick ? Core.scopes(state) : observed.dirty()).forEach(this::plan);
        memory = state.started() ? Core.memory(state) : memory;
    }

    private void plan(Scope scope) {
        Planned planned = Core.plan(state, scope);
        for (int rounds = 0; !planned.decisions().isEmpty(); rounds++) {
            if (rounds > 100) {
                throw new AssertionError("decisions without end: " + planned.decisions());
            }
            for (var decision : planned.decisions()) {
                state = Core.observe(state, new Evidence.Decided(storm.nowNs, decision))
                        .state();
            }
            planned = Core.plan(state, scope);
        }
        for (Mutation mutation : planned.mutations()) {
            state = Core.observe(state, new Evidence.Dispatched(storm.nowNs, mutation))
                    .state();
            shell.dispatch(mutation);
        }
        planned.report().ifPresent(shell::submit);
    }

    String tell() {
        StringBuilder text = new StringBuilder("node " + number + (up ? " up" : " down") + (agent ? " agent" : ""));
        if (state != null) {
            text.append(state.mustGo())
                    .append(" verdicts ")
                    .append(state.evictions().size());
            state.lockspaces()
                    .values()
                    .forEach(l -> text.append("\n    ")
                            .append(l.name())
                            .append(' ')
                            .append(l.phase())
                            .append(l.epoch())
                            .append(' ')
                            .append(Storm.text(l.view()))
                            .append(l.kernel().run())
                            .append(' ')
                            .append(l.unanswered())
                            .append(' ')
                            .append(l.reasons()));
        }
        return text.toString();
    }
}
