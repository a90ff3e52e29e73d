// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.core.KernelSide;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an agent hears from its kernel beside the lanes: uevents, recover_status, and now and then everything. */
final class KernelWatch {
    private static final int DONE = 0x40;
    private static final long RECOVERY_POLL_NS = 50 * MS;
    private static final long RUNNING_POLL_NS = 1000 * MS;
    private static final long KERNEL_POLL_NS = 10_000 * MS;

    private final Agent agent;

    /** Bits of the lockspaces, by index. */
    private int running;

    private int recovering;
    private boolean polling;
    private long lastUeventNs;
    private @Nullable Uevent overtaken;
    private boolean overflow;
    private boolean lostMeanwhile;

    KernelWatch(Agent agent) {
        this.agent = agent;
    }

    void listen() {
        agent.kernel.onUevent(this::sent);
    }

    private void sent(Uevent uevent) {
        Mishaps mishaps = agent.machine.mishaps;
        if (mishaps.ueventsLost > 0) {
            mishaps.ueventsLost--;
            lost();
            return;
        }
        // Who reads the kernel may answer what it has not heard of; what that sets off cannot overtake it.
        boolean reads = overflow || !agent.started();
        if (mishaps.ueventOvertaken && overtaken == null && !reads) {
            mishaps.ueventOvertaken = false;
            overtaken = uevent;
            agent.after(500 * MS, () -> {
                if (overtaken != null) {
                    Uevent last = overtaken;
                    overtaken = null;
                    deliver(last); // nothing came to overtake it
                }
            });
            return;
        }
        deliver(uevent);
        if (overtaken != null) {
            Uevent late = overtaken;
            overtaken = null;
            deliver(late);
        }
        if (mishaps.ueventsDoubled > 0) {
            mishaps.ueventsDoubled--;
            deliver(uevent);
        }
    }

    private void deliver(Uevent uevent) {
        long nowNs = agent.world.time.nowNs();
        lastUeventNs = Math.max(lastUeventNs, nowNs + agent.machine.dice.between(MS / 20, 2 * MS));
        agent.after(lastUeventNs - nowNs, () -> hear(uevent));
    }

    private void hear(Uevent uevent) {
        if (!agent.started()) {
            agent.after(MS, () -> hear(uevent)); // it waits in the socket
        } else {
            agent.hear(new Evidence.UeventReceived(agent.clockNs(), uevent));
        }
    }

    private void lost() {
        if (overtaken != null) {
            Uevent late = overtaken;
            overtaken = null;
            deliver(late);
        }
        if (overflow) {
            lostMeanwhile = true;
        } else {
            overflow = true;
            agent.after(MS, this::readAfterLoss);
        }
    }

    private void readAfterLoss() {
        if (!agent.started()) {
            agent.after(MS, this::readAfterLoss);
            return;
        }
        agent.hear(new Evidence.BadInput(agent.clockNs(), "uevents were lost: simulated"));
        readAll(true);
    }

    /** Takes what a mutation did before the core does. */
    void follow(Mutation done) {
        int bit = bit(done.lockspace());
        if (done instanceof Mutation.Start) {
            running |= bit;
            recovering |= bit;
            poll();
        } else if (done instanceof Mutation.Stop) {
            running &= ~bit;
            recovering &= ~bit;
        }
    }

    void follow(KernelSnapshot snapshot) {
        for (KernelLockspace each : snapshot.lockspaces().values()) {
            if (each.recoverStatus() != 0) {
                running |= bit(Optional.of(each.name()));
                if ((each.recoverStatus() & DONE) == 0) {
                    recovering |= bit(Optional.of(each.name()));
                }
            }
        }
        poll();
    }

    private static int bit(Optional<LockspaceName> name) {
        int index = name.map(StormSettings::indexOf).orElse(-1);
        return index < 0 ? 0 : 1 << index;
    }

    void begin() {
        poll();
        agent.after(RUNNING_POLL_NS, this::look);
        agent.after(KERNEL_POLL_NS, this::lookAtAll);
    }

    private void look() {
        for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
            if ((running & 1 << k) != 0) {
                status(k);
            }
        }
        agent.after(RUNNING_POLL_NS, this::look);
    }

    private void lookAtAll() {
        readAll(false);
        agent.after(KERNEL_POLL_NS, this::lookAtAll);
    }

    private void poll() {
        if (!polling && agent.started() && recovering != 0) {
            polling = true;
            agent.after(0, this::pollNow);
        }
    }

    private void pollNow() {
        for (int k = 0; k < StormSettings.LOCKSPACES.size(); k++) {
            if ((recovering & 1 << k) != 0) {
                status(k);
            }
        }
        if (recovering == 0) {
            polling = false;
        } else {
            agent.after(RECOVERY_POLL_NS, this::pollNow);
        }
    }

    /** A status that is known already is not told again: it would change nothing but the time. */
    private void status(int lockspace) {
        LockspaceName name = StormSettings.LOCKSPACES.get(lockspace);
        int status = agent.kernel.recoverStatus(name);
        if (status < 0) {
            running &= ~(1 << lockspace);
            recovering &= ~(1 << lockspace);
            return;
        }
        if ((status & DONE) != 0) {
            recovering &= ~(1 << lockspace);
        }
        int polls = agent.kernel.recoverNodeid(name);
        LockspaceState known = agent.state().lockspaces().get(name);
        if (known == null) {
            return;
        }
        KernelSide side = known.kernel();
        if (side.status() == status && side.polls() == polls) {
            return;
        }
        long startedNs = agent.clockNs();
        agent.after(
                agent.machine.dice.between(MS / 20, MS / 2),
                () -> agent.hear(new Evidence.RecoveryRead(agent.clockNs(), startedNs, name, status, polls)));
    }

    /** What comes after uevents were lost is heard after the reading, as in the shell, however long that takes. */
    private void readAll(boolean afterOverflow) {
        long startedNs = agent.clockNs();
        long takesNs = readingNs();
        long looksNs = agent.machine.dice.between(0, takesNs);
        if (afterOverflow) {
            lastUeventNs = Math.max(lastUeventNs, agent.world.time.nowNs() + takesNs);
        }
        agent.after(looksNs, () -> {
            KernelSnapshot snapshot = read(afterOverflow);
            agent.after(takesNs - looksNs, () -> {
                follow(snapshot);
                agent.hear(new Evidence.KernelRead(agent.clockNs(), startedNs, snapshot, afterOverflow));
                if (afterOverflow) {
                    readAgainIfMoreWereLost();
                }
            });
        });
    }

    private void readAgainIfMoreWereLost() {
        overflow = false;
        if (lostMeanwhile) {
            lostMeanwhile = false;
            lost();
        }
    }

    /** Whoever reads waits now and then behind what else the kernel does. */
    private long readingNs() {
        Dice dice = agent.machine.dice;
        return dice.below(16) == 0 ? dice.between(5 * MS, 2000 * MS) : dice.between(MS / 10, 5 * MS);
    }

    KernelSnapshot read(boolean withUnanswered) {
        try {
            return agent.kernel.kernel().read(withUnanswered);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
