// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotReading;
import java.util.SortedMap;

/** What an agent does with one region while it is there: opens it, scans its slots, reads and writes its board. */
final class RegionSide {
    static final long RETRY_AT_LEAST_NS = 100 * MS;
    /** Half a period, see RegionIo. */
    static final long RETRY_AT_MOST_NS = StormSettings.PERIOD_NS / 2;

    private static final long SCAN_EVERY_NS = StormSettings.PERIOD_NS / 2;

    final Agent agent;
    final int index;
    final RegionId id;
    final Disk disk;
    final Machine.Path path;
    private BoardSide board;
    private Pen pen;

    /** Tells one opening from the next. */
    private int opening;

    private boolean open;

    /** The shell attaches a region anew once it sees the kernel beat there, be a report on its way or not. */
    private boolean attachedAnewInAWrite;

    private long gridNs;
    private long scanStartedNs;
    private long retryNs;

    RegionSide(Agent agent, int index) {
        this.agent = agent;
        this.index = index;
        id = StormSettings.REGIONS.get(index);
        disk = agent.world.disks[index];
        path = agent.machine.paths[index];
        board = new BoardSide(this);
        pen = new Pen(this);
        attachedAnewInAWrite = agent.machine.dice.percent(50);
    }

    BoardSide board() {
        return board;
    }

    Pen pen() {
        return pen;
    }

    boolean isOpen() {
        return open;
    }

    Evidence beingOpened() {
        return new Evidence.RegionFound(agent.clockNs(), id, true, "is being opened");
    }

    void open() {
        if (open) {
            return;
        }
        opening++;
        retryNs = RETRY_AT_LEAST_NS;
        board = new BoardSide(this);
        pen = pen.successor();
        tryToOpen(opening);
    }

    private void tryToOpen(int which) {
        if (which != opening) {
            return;
        }
        long nowNs = agent.world.time.nowNs();
        long heldNs = agent.machine.diskHeldNs(index);
        if (heldNs > nowNs) {
            agent.after(heldNs - nowNs, () -> tryToOpen(which));
        } else if (agent.machine.diskFails(index)) {
            failing("opening: EIO");
            agent.after(retryNs, () -> tryToOpen(which));
            retryNs = Math.min(2 * retryNs, RETRY_AT_MOST_NS);
        } else {
            open = true;
            agent.hear(new Evidence.RegionFound(agent.clockNs(), id, true, ""));
            gridNs = nowNs;
            beginScan();
            board.begin();
        }
    }

    void close() {
        opening++;
        open = false;
        board.close();
    }

    /** A write of a report begins. */
    void writes() {
        if (attachedAnewInAWrite) {
            attachedAnewInAWrite = false;
            agent.after(agent.machine.dice.between(0, 2 * MS), () -> {
                if (open) {
                    close();
                    agent.regionComes(index);
                }
            });
        }
    }

    void failing(String what) {
        agent.hear(new Evidence.RegionFailing(agent.clockNs(), id, what));
    }

    /** How long a reading takes. */
    long readingNs() {
        Dice dice = agent.machine.dice;
        return path.slowNs > agent.world.time.nowNs() ? dice.between(MS, 3000 * MS) : dice.between(MS / 10, MS);
    }

    private void beginScan() {
        scanStartedNs = agent.clockNs();
        retryNs = RETRY_AT_LEAST_NS;
        int which = opening;
        agent.after(readingNs(), () -> endScan(which));
    }

    private void endScan(int which) {
        if (which != opening) {
            return;
        }
        long nowNs = agent.world.time.nowNs();
        long heldNs = agent.machine.diskHeldNs(index);
        if (heldNs > nowNs) {
            agent.after(heldNs - nowNs, () -> endScan(which));
            return;
        }
        if (agent.machine.diskFails(index)) {
            failing("reading slots: EIO");
            agent.after(retryNs, () -> {
                scanStartedNs = agent.clockNs();
                endScan(which);
            });
            retryNs = Math.min(2 * retryNs, RETRY_AT_MOST_NS);
            return;
        }
        SortedMap<NodeNumber, SlotReading> slots = path.staleNs > nowNs ? path.staleSlots : disk.slots();
        agent.hear(new Evidence.SlotsScanned(agent.clockNs(), scanStartedNs, id, slots));
        do {
            gridNs += SCAN_EVERY_NS; // beats that fell into the reading are dropped
        } while (gridNs < nowNs);
        agent.after(gridNs - nowNs, () -> {
            if (which == opening) {
                beginScan();
            }
        });
    }
}
