// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.board.BlockReading;
import dev.lockstep.core.BlockState;
import dev.lockstep.core.RegionState;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.flow.BoardNews;
import dev.lockstep.heartbeat.SlotState;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a board as the shell does: each period while all is quiet, every 100 ms while a change is open, at once when
 * asked, one reading at a time; and holds back for a moment what brings nothing but nodes that ask to join.
 */
final class BoardSide {
    private static final long OPEN_POLL_NS = 100 * MS;
    private static final long QUIET_NS = 20 * MS;
    private static final long QUIET_AT_MOST_NS = 100 * MS;

    private final RegionSide region;
    private final Agent agent;
    private boolean begun;
    private boolean closed;
    private boolean changeOpen;
    private boolean reading;
    private boolean wanted;
    private int timer;
    private long startedNs;
    private long startedClockNs;
    private long retryNs;
    private Evidence.@Nullable BoardScanned passed;
    private Evidence.@Nullable BoardScanned held;
    private int holding;
    private long heldSinceNs;
    private long quietFromNs;

    BoardSide(RegionSide region) {
        this.region = region;
        this.agent = region.agent;
    }

    void begin() {
        begun = true;
        beat(++timer);
    }

    void close() {
        closed = true;
    }

    void pace(boolean open) {
        if (open != changeOpen) {
            changeOpen = open;
            if (begun) {
                beat(++timer);
            }
        }
    }

    /** Asks for a reading. */
    void now() {
        if (closed || !begun) {
            return;
        }
        if (reading) {
            wanted = true;
        } else {
            read();
        }
    }

    private void beat(int which) {
        if (which != timer || closed) {
            return;
        }
        now();
        agent.after(changeOpen ? OPEN_POLL_NS : StormSettings.PERIOD_NS, () -> beat(which));
    }

    private void read() {
        reading = true;
        retryNs = RegionSide.RETRY_AT_LEAST_NS;
        attempt();
    }

    private void attempt() {
        startedNs = agent.world.time.nowNs();
        startedClockNs = agent.clockNs();
        agent.after(region.readingNs(), this::end);
    }

    private void end() {
        if (closed) {
            return;
        }
        long nowNs = agent.world.time.nowNs();
        long heldNs = agent.machine.diskHeldNs(region.index);
        if (heldNs > nowNs) {
            agent.after(heldNs - nowNs, this::end);
            return;
        }
        if (agent.machine.diskFails(region.index)) {
            region.failing("reading the board: EIO");
            agent.after(retryNs, this::attempt);
            retryNs = Math.min(2 * retryNs, RegionSide.RETRY_AT_MOST_NS);
            return;
        }
        SortedMap<NodeNumber, BlockReading> blocks =
                region.path.staleNs > nowNs ? region.path.staleBoard : region.disk.board(startedNs, nowNs);
        if (region.disk.wasWiped()) {
            blocks = asSeenHere(blocks);
        }
        reading = false;
        Evidence.BoardScanned scan = new Evidence.BoardScanned(agent.clockNs(), startedClockNs, region.id, blocks);
        region.pen().seen(scan);
        debounce(scan);
        if (wanted && !reading) {
            wanted = false;
            read();
        }
    }

    private SortedMap<NodeNumber, BlockReading> asSeenHere(SortedMap<NodeNumber, BlockReading> blocks) {
        RegionState known = agent.state().regions().get(region.id);
        SortedMap<NodeNumber, BlockReading> seen = new TreeMap<>(blocks);
        seen.replaceAll((node, reading) -> {
            BlockState before = known == null ? null : known.blocks().get(node);
            boolean read = before != null && before.report().isPresent();
            Machine writer = agent.world.machine(node);
            boolean writesAgain = writer.up() && writer.agent() != null && writer.beatsIn(region.index);
            SlotState slot = known == null ? null : known.slots().get(node);
            boolean seemsDown = slot != null && slot.status() == SlotState.Status.DOWN; // nobody waits for that
            return Block.seen(reading, read || (writesAgain && !seemsDown));
        });
        return seen;
    }

    private void debounce(Evidence.BoardScanned scan) {
        int which = ++holding;
        long waitNs = waitFor(scan);
        if (waitNs == 0) {
            pass(scan);
        } else {
            agent.after(waitNs, () -> {
                if (which == holding && !closed) {
                    pass(scan);
                }
            });
        }
    }

    private void pass(Evidence.BoardScanned scan) {
        passed = scan;
        held = null;
        agent.hear(scan);
    }

    @SuppressWarnings("ReferenceEquality") // the same reading again brings nothing at all
    private long waitFor(Evidence.BoardScanned scan) {
        Evidence.BoardScanned last = passed;
        if (last == null || last.blocks() == scan.blocks() || !BoardNews.onlyJoiners(last, scan)) {
            return 0;
        }
        long nowNs = agent.world.time.nowNs();
        Evidence.BoardScanned waiting = held;
        if (waiting == null) {
            heldSinceNs = nowNs;
        }
        if (waiting == null || BoardNews.onlyJoiners(waiting, scan)) {
            quietFromNs = nowNs;
        }
        held = scan;
        return Math.max(0, Math.min(quietFromNs + QUIET_NS, heldSinceNs + QUIET_AT_MOST_NS) - nowNs);
    }
}
