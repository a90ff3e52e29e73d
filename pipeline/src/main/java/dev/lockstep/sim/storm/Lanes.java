// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.board.FenceAttempt;
import dev.lockstep.core.FencePolicy;
import dev.lockstep.domain.BootId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.sim.SimDlmKernel;

/** Carries an agent's orders to its kernel, one lane per lockspace and one for the node, each kept in order. */
final class Lanes {
    private static final int REFUSED_PERCENT = 30;
    /** Of the starts that are refused: what failed was the last step, and the kernel runs. */
    private static final int TOO_LATE_PERCENT = 50;

    private static final Outcome REFUSED =
            new Outcome.Failed("EBUSY", Outcome.ErrorClass.AGAIN_LATER, "the kernel refuses");
    private static final int FENCE_TOLD_PERCENT = 50;

    private final Agent agent;
    private final Machine machine;
    private final World world;
    private final SimDlmKernel kernel;

    Lanes(Agent agent) {
        this.agent = agent;
        this.machine = agent.machine;
        this.world = agent.world;
        this.kernel = agent.kernel.kernel();
    }

    void execute(Mutation mutation) {
        if (mutation instanceof Mutation.FenceNode order) {
            fence(order);
            return;
        }
        if (machine.mishaps.agentDiesActing == 1) {
            machine.killAgent(); // the order never gets to the kernel
            return;
        }
        machine.enters();
        BootId life = machine.bootId();
        world.time.after(machine.dice.between(MS / 20, 2 * MS), machine, () -> arrives(mutation, life));
    }

    /** Not the agent's any more: what is in the kernel ends there. */
    private void arrives(Mutation mutation, BootId life) {
        if (!machine.up() || !life.equals(machine.bootId())) {
            return;
        }
        long heldNs = heldNs(mutation);
        if (heldNs > world.time.nowNs()) {
            world.time.at(heldNs, machine, () -> arrives(mutation, life));
            return;
        }
        if (machine.mishaps.agentDiesActing == 2) {
            machine.killAgent();
        }
        machine.returns(life);
        Outcome outcome = apply(mutation);
        if (machine.mishaps.agentDiesActing == 3) {
            machine.killAgent();
        }
        if (!machine.up() || agent.dead()) {
            return;
        }
        agent.after(machine.dice.between(MS / 20, MS), () -> {
            if (outcome instanceof Outcome.Done) {
                agent.watch().follow(mutation);
            }
            agent.hear(new Evidence.Applied(agent.clockNs(), mutation, outcome));
        });
    }

    private long heldNs(Mutation mutation) {
        if (mutation instanceof Mutation.OfLockspace one) {
            int lockspace = StormSettings.indexOf(one.name());
            return lockspace < 0 ? 0 : machine.mishaps.laneHeldNs[lockspace];
        }
        return 0;
    }

    private Outcome apply(Mutation mutation) {
        boolean refused = machine.mishaps.refusesUntilNs > world.time.nowNs() && machine.dice.percent(REFUSED_PERCENT);
        boolean tooLate = refused && mutation instanceof Mutation.Start && machine.dice.percent(TOO_LATE_PERCENT);
        if (refused && !tooLate) {
            return REFUSED;
        }
        if (mutation instanceof Mutation.ResetNode reset) {
            BootId life = machine.bootId();
            world.time.after(2 * MS, machine, () -> {
                if (machine.up() && life.equals(machine.bootId())) {
                    machine.crash("resets itself: " + reset.why());
                }
            });
            return Outcome.Done.DONE;
        }
        world.trace.mix(mutation.getClass().getSimpleName().hashCode());
        if (mutation instanceof Mutation.Start start) {
            world.judge.starts(machine, start);
        }
        Outcome outcome = kernel.apply(mutation);
        world.judge.kernels();
        return tooLate ? REFUSED : outcome;
    }

    private void fence(Mutation.FenceNode order) {
        boolean hangs = machine.mishaps.fenceHangsUntilNs > world.time.nowNs();
        boolean fails = machine.mishaps.fenceFailsUntilNs > world.time.nowNs();
        boolean works = !(hangs || fails) || machine.dice.percent(FENCE_TOLD_PERCENT);
        long takesNs = hangs ? StormSettings.FENCE_TIMEOUT_NS : machine.dice.between(200, 4000) * MS;
        world.time.after(takesNs / 2, world.outside, () -> {
            if (works) {
                world.switchOff(order.node());
            }
        });
        int exit = hangs ? FenceAttempt.TIMED_OUT : fails ? 1 : 0;
        agent.after(takesNs, () -> {
            world.disturbed(); // a proof may come of it, on which others go on
            agent.hear(new Evidence.Applied(
                    agent.clockNs(), order, new Outcome.Exited(exit, exit == 0 ? "off" : "no answer")));
        });
    }

    /** Peers are probed where a verdict over a split is asked for. */
    void probe() {
        if (world.settings.fencing().splitVerdictAfterNs() == FencePolicy.NEVER) {
            return;
        }
        agent.after(StormSettings.PERIOD_NS, () -> {
            for (Machine peer : world.machines) {
                if (peer != machine) {
                    boolean answers = peer.up() && !peer.stands() && world.wires.joined(machine.index, peer.index);
                    agent.hear(new Evidence.PeerProbed(agent.clockNs(), peer.number, answers));
                }
            }
            probe();
        });
    }
}
