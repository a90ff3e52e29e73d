// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.evidence.Evidence;
import org.jspecify.annotations.Nullable;

/** Writes an agent's report by group commit, as the shell does: one write in flight, then the newest given. */
@SuppressWarnings("ReferenceEquality") // one pen per opening of a region
final class Pen {
    private final RegionSide region;
    private final Agent agent;
    private @Nullable Report wanted;
    private @Nullable Report submitted;
    private @Nullable Report onDisk;
    private long onDiskSinceNs;
    private long lastSeq;
    private boolean writing;
    private boolean onItsWay;

    /** What the pen before has on its way could else land on what this one wrote. */
    private boolean waitsForAnother;

    private @Nullable Pen next;
    private long retryNs = RegionSide.RETRY_AT_LEAST_NS;

    Pen(RegionSide region) {
        this.region = region;
        this.agent = region.agent;
    }

    /** {@return the pen of another opening of the same region} */
    Pen successor() {
        Pen pen = new Pen(region);
        pen.waitsForAnother = onItsWay || waitsForAnother;
        next = pen;
        return pen;
    }

    private void ended() {
        onItsWay = false;
        Pen successor = next;
        if (successor != null && successor.waitsForAnother) {
            successor.waitsForAnother = false;
            if (successor.next != null) {
                successor.ended();
            } else {
                agent.after(agent.machine.dice.between(MS / 20, MS / 2), successor::beginIfGiven);
            }
        }
    }

    private void beginIfGiven() {
        if (!writing && region.pen() == this) {
            write();
        }
    }

    void give(Report report) {
        wanted = report;
        if (!writing && !isOnDisk(report)) {
            write();
        }
    }

    /** Takes back what was given and is not being written yet. */
    void takeBack() {
        wanted = submitted;
    }

    /** Takes a reading of the board before the core does. */
    void seen(Evidence.BoardScanned reading) {
        Report expected = onDisk;
        if (expected == null || reading.startedNs() <= onDiskSinceNs) {
            return;
        }
        BlockReading own = reading.blocks().get(expected.node());
        if (!(own instanceof BlockReading.Good good && good.report().equals(expected))) {
            onDisk = null;
        }
    }

    private boolean isOnDisk(Report report) {
        Report last = onDisk;
        return last != null && last.saysSameAs(report);
    }

    private void write() {
        Report newest = wanted;
        if (newest == null || isOnDisk(newest) || waitsForAnother) {
            return;
        }
        writing = true;
        onItsWay = true;
        lastSeq = Math.max(lastSeq, agent.state().lastOwnSeq(region.id)) + 1;
        Report report = newest.withSeq(lastSeq);
        submitted = report;
        agent.hear(new Evidence.ReportSubmitted(agent.clockNs(), report));
        agent.machine.enters();
        BootId life = agent.machine.bootId();
        agent.world.time.after(agent.machine.dice.between(MS / 20, 2 * MS), agent.machine, () -> lands(report, life));
        region.writes();
    }

    /** The machine's, not the agent's: what is on its way to the disk gets there. */
    private void lands(Report report, BootId life) {
        if (!agent.machine.up() || !life.equals(agent.machine.bootId())) {
            return;
        }
        World world = agent.world;
        long heldNs = agent.machine.writesHeldNs(region.index);
        if (heldNs > world.time.nowNs()) {
            world.time.at(heldNs, agent.machine, () -> lands(report, life));
            return;
        }
        agent.machine.returns(life);
        ended();
        Machine.Path path = region.path;
        if (agent.machine.diskFails(region.index)) {
            failed("writing the report: EIO");
        } else if (path.tearsNext) {
            path.tearsNext = false;
            region.disk.changing(agent.machine.index, world.time.nowNs()).tear(world.time.nowNs());
            failed("writing the report: torn");
        } else {
            if (path.strayTo >= 0) {
                int copy = agent.machine.dice.below(2);
                region.disk.changing(path.strayTo, world.time.nowNs()).garble(copy, world.time.nowNs());
                path.strayTo = -1;
            } else {
                region.disk.changing(agent.machine.index, world.time.nowNs()).write(report, world.time.nowNs());
                world.judge.lands(agent.machine, region.index, report);
            }
            agent.after(agent.machine.dice.between(MS / 20, MS / 2), () -> completed(report));
        }
    }

    private void failed(String what) {
        if (agent.dead() || region.pen() != this) {
            return;
        }
        region.failing(what);
        agent.after(retryNs, () -> {
            writing = false;
            beginIfGiven();
        });
        retryNs = Math.min(2 * retryNs, RegionSide.RETRY_AT_MOST_NS);
    }

    private void completed(Report report) {
        if (region.pen() != this) {
            return; // the region went meanwhile
        }
        retryNs = RegionSide.RETRY_AT_LEAST_NS;
        onDisk = report;
        submitted = null;
        onDiskSinceNs = agent.clockNs();
        writing = false;
        agent.hear(new Evidence.ReportPublished(onDiskSinceNs, report));
        if (agent.dead()) {
            return;
        }
        region.board().now();
        agent.world.wakeUp(agent.machine, region.index, report.boot());
        if (!writing) {
            write();
        }
    }
}
