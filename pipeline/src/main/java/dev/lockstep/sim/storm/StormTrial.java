// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.SECOND;

import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import java.util.List;
import java.util.Optional;

/**
 * One seed's storm: machines boot, programs create and release, faults strike; then they end and what is not owed must
 * have come to rest within T_dead + 5 s (P12); then everything is mended, and every lockspace must run on every node.
 * In a seed that disturbs only agents no kernel may hear of it (P13).
 */
public final class StormTrial {
    private static final long SETTLES_NS = StormSettings.DEAD_NS + 5 * SECOND;
    /** Two periods for its report, and whatever the kernel refuses meanwhile. */
    private static final long GOES_NS = 30 * SECOND;

    private static final long LONGEST_NS = 10 * SETTLES_NS;

    /** A wait may be nameless for as long as it takes to plan. */
    private static final int NAMELESS_SECONDS = 4;

    private static final int LOCKS_EVERY_SECONDS = 4;

    /**
     * How a seed ended.
     *
     * @param scenario what was played
     * @param violations what must never happen and did; empty if all is well
     * @param faults how many faults struck
     * @param happened how many things happened in virtual time
     * @param hash of everything that happened: equal seeds give equal hashes
     * @param pairs which faults met which steps
     * @param owed how many lockspaces waited legitimately when the faults had ended
     * @param story what happened, if it was asked for: one event a line
     */
    public record Ending(
            Scenario scenario,
            List<String> violations,
            int faults,
            long happened,
            long hash,
            Pairs pairs,
            int owed,
            List<String> story) {}

    private final Scenario scenario;
    private final World world;
    private final Debts debts;
    private final int[][] nameless;
    private int owed;

    private StormTrial(Scenario scenario, boolean telling) {
        this.scenario = scenario;
        world = new World(scenario, telling);
        debts = new Debts(world);
        nameless = new int[world.machines.length][StormSettings.LOCKSPACES.size()];
    }

    /**
     * Runs one seed, on the calling thread.
     *
     * @param telling whether the story is kept
     */
    public static Ending run(Scenario scenario, boolean telling) {
        return new StormTrial(scenario, telling).run();
    }

    private Ending run() {
        try {
            play();
        } catch (RuntimeException e) {
            world.judge.violated("the core throws " + e + at(e));
        }
        return new Ending(
                scenario,
                List.copyOf(world.judge.violations()),
                world.faults.struck(),
                world.time.happened(),
                world.trace.hash(),
                world.faults.pairs(),
                owed,
                List.copyOf(world.trace.lines()));
    }

    private static String at(RuntimeException e) {
        return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
    }

    private void play() {
        for (Machine machine : world.machines) {
            machine.boot();
        }
        inspect(1);
        boolean on = scenario.settings().onlyAgents() ? onlyAgents() : anything();
        world.faults.end();
        if (on && settles() && world.judge.isWell()) {
            mend();
            converges();
        }
    }

    private boolean anything() {
        world.faults.begin(0);
        return pass(scenario.settings().lengthNs());
    }

    /** All is quiet before the agents come and go. */
    private boolean onlyAgents() {
        long quietAfterNs = 60 * SECOND;
        world.faults.begin(quietAfterNs);
        if (!pass(quietAfterNs)) {
            return false;
        }
        for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
            if (!world.fabric.runsOn(StormSettings.LOCKSPACES.get(k), world.numberSet)) {
                world.judge.violated("P12: " + StormSettings.LOCKSPACES.get(k)
                        + " does not run everywhere a minute after all machines booted; " + waits());
                return false;
            }
        }
        world.judge.expectsQuiet();
        return pass(scenario.settings().lengthNs());
    }

    private boolean pass(long howLongNs) {
        return world.time.runTo(world.time.nowNs() + howLongNs, () -> !world.judge.isWell());
    }

    /** Each second: programs lock and unlock, and waits must have names. */
    private void inspect(int second) {
        world.time.after(SECOND, world.outside, () -> {
            waitsHaveNames();
            whoMustGoGoes();
            if (second % LOCKS_EVERY_SECONDS == 0) {
                locks();
            }
            inspect(second + 1);
        });
    }

    private void locks() {
        for (Machine machine : world.machines) {
            if (!machine.up() || machine.stands()) {
                continue;
            }
            for (LockspaceName name : StormSettings.LOCKSPACES) {
                int draw = machine.dice.below(6);
                String resource = draw % 2 == 0 ? "one" : "two";
                if (draw < 2) {
                    machine.kernel().unlock(name, resource);
                } else {
                    machine.kernel().lock(name, resource);
                }
            }
        }
        world.judge.kernels();
    }

    /** Section 8: a node that must go resets itself, whatever its kernel and its disks say. */
    private void whoMustGoGoes() {
        for (Machine machine : world.machines) {
            Agent agent = machine.agent();
            if (agent == null || scenario.settings().fence() == FenceMode.MANUAL) {
                continue;
            }
            State state = agent.state();
            boolean held = agent.heldUntilNs() > world.time.nowNs() - GOES_NS;
            if (state.mustGo().isPresent() && !held && state.nowNs() - state.mustGoSinceNs() > GOES_NS) {
                world.judge.violated("section 8: node " + machine.number + " must go and does not: "
                        + state.mustGo().get());
            }
        }
    }

    /** Rule 8: nothing waits silently. */
    private void waitsHaveNames() {
        for (Machine machine : world.machines) {
            Agent agent = machine.agent();
            if (agent == null || agent.heldUntilNs() > world.time.nowNs()) {
                continue;
            }
            State state = agent.state();
            for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
                LockspaceState lockspace = state.lockspaces().get(StormSettings.LOCKSPACES.get(k));
                boolean named = lockspace == null
                        || !lockspace.reasons().isEmpty()
                        || Step.of(state, StormSettings.LOCKSPACES.get(k)) == Step.RUNNING;
                nameless[machine.index][k] = named ? 0 : nameless[machine.index][k] + 1;
                if (nameless[machine.index][k] > NAMELESS_SECONDS) {
                    world.judge.violated(
                            "rule 8: " + StormSettings.LOCKSPACES.get(k) + " waits on node " + machine.number
                                    + " without a reason at " + Step.of(state, StormSettings.LOCKSPACES.get(k)));
                }
            }
        }
    }

    /** P12, with the debts that stand: whatever ends late is a disturbance of its own, but not for ever. */
    private boolean settles() {
        world.disturbed();
        long faultsEndNs = Math.max(world.time.nowNs(), world.faults.lastEndNs());
        long endNs = faultsEndNs + LONGEST_NS;
        while (world.time.nowNs() < Math.max(faultsEndNs, world.disturbedNs()) + SETTLES_NS) {
            if (!pass(SECOND)) {
                return false;
            }
            if (world.time.nowNs() > endNs) {
                world.judge.violated("P12: never comes to rest; " + waits());
                return false;
            }
        }
        for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
            Optional<String> debt = debts.owed(k);
            if (debt.isPresent()) {
                owed++;
            } else if (!debts.members(k).isEmpty()
                    && !world.fabric.runsOn(StormSettings.LOCKSPACES.get(k), debts.members(k))) {
                world.judge.violated("P12: " + StormSettings.LOCKSPACES.get(k) + " does not run on " + debts.members(k)
                        + ", and nothing is owed; " + waits());
                return false;
            }
        }
        return true;
    }

    private void mend() {
        for (Machine machine : world.machines) {
            world.wires.mend(machine.index);
            machine.mishaps.end();
            resetByAdministrator(machine);
            formatByAdministrator(machine);
            if (!machine.up()) {
                machine.boot();
            }
            for (int r = 0; r < StormSettings.REGIONS.size(); r++) {
                machine.startRegion(r);
            }
            machine.startAgent();
        }
        world.linksChange();
        createAll();
    }

    private void formatByAdministrator(Machine machine) {
        for (int r = 0; r < StormSettings.REGIONS.size(); r++) {
            if (debts.needsFormat(machine, r)) {
                if (machine.up()) {
                    machine.crash("is switched off by its administrator");
                }
                world.trace.tell(machine, "FORMAT", "its block in " + StormSettings.REGIONS.get(r));
                world.disks[r].block(machine.index).format(world.time.nowNs());
            }
        }
    }

    /** As the reasons say: a machine must go and nobody else may make it, or nobody knows what its kernel runs. */
    private void resetByAdministrator(Machine machine) {
        State state = machine.state();
        boolean lost = machine.agent() != null
                && state != null
                && state.lockspaces().values().stream().anyMatch(LockspaceState::uncontrolled);
        if (machine.up() && (lost || debts.mustGo(machine))) {
            machine.crash("is switched off by its administrator");
        }
    }

    private void createAll() {
        for (Machine machine : world.machines) {
            for (LockspaceName name : StormSettings.LOCKSPACES) {
                if (machine.up() && !machine.kernel().has(name)) {
                    machine.calls.add(machine.kernel().create(name));
                }
            }
        }
    }

    private void converges() {
        long endNs = world.time.nowNs() + scenario.settings().patienceNs();
        for (int second = 1; world.time.nowNs() < endNs && pass(SECOND); second++) {
            if (runsEverywhere()) {
                return;
            }
            // A machine that had to go is started by its administrator; a creator that was refused tries again.
            for (Machine machine : world.machines) {
                if (second % 10 == 0) {
                    resetByAdministrator(machine);
                }
                if (!machine.up()) {
                    machine.boot();
                }
            }
            if (second % 5 == 0) {
                createAll();
            }
        }
        if (world.judge.isWell()) {
            world.judge.violated("P12: all is mended and not everything runs; " + waits());
        }
    }

    private boolean runsEverywhere() {
        for (LockspaceName name : StormSettings.LOCKSPACES) {
            if (!world.fabric.runsOn(name, world.numberSet)) {
                return false;
            }
        }
        return true;
    }

    private String waits() {
        StringBuilder waits = new StringBuilder();
        for (Machine machine : world.machines) {
            State state = machine.state();
            if (state == null) {
                continue;
            }
            for (LockspaceState lockspace : state.lockspaces().values()) {
                waits.append(waits.length() == 0 ? "" : "; ")
                        .append("node ")
                        .append(machine.number)
                        .append(machine.up() ? machine.agent() == null ? " (no agent) " : " " : " (off) ")
                        .append(lockspace.name())
                        .append(' ')
                        .append(lockspace.phase().map(Enum::name).orElse("ABSENT"))
                        .append(' ')
                        .append(lockspace.epoch());
                lockspace
                        .reasons()
                        .forEach(r -> waits.append(' ')
                                .append(r.code())
                                .append(r.nodes().isEmpty() ? "" : r.nodes()));
            }
        }
        return waits.toString();
    }
}
