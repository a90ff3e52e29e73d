// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Report;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Memory;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything of one machine that only the machine itself changes. Immutable.
 *
 * @param number its node
 * @param boots how often it has booted; the present boot is named by it
 * @param up whether its kernel runs
 * @param state the agent's state, empty while no agent runs
 * @param memory what the last agent left for the next, up to date only while none runs
 * @param spaces its fs/dlm's lockspaces
 * @param comms which boot each peer's comm was made for
 * @param beats its heartbeat per region
 * @param writings per region, the report whose write is not known to have ended
 * @param readings per region, a slow reading under way
 * @param overflow whether uevents were lost
 * @param losesNext whether the next uevent will be lost
 * @param created how often lockspaces were created in this boot, or join anew after an agent's restart
 * @param lastSeq the highest seq the agent has given to a report
 * @param clockNs its clock
 */
record Machine(
        int number,
        int boots,
        boolean up,
        Optional<State> state,
        Memory memory,
        SortedMap<LockspaceName, Space> spaces,
        SortedMap<NodeNumber, BootId> comms,
        List<Beat> beats,
        List<Optional<Writing>> writings,
        List<Optional<Reading>> readings,
        boolean overflow,
        boolean losesNext,
        int created,
        long lastSeq,
        long clockNs) {

    static final long GENERATIONS_PER_NODE = 10_000;
    private static final long SESSIONS_PER_REGION = 1_000;

    /**
     * A heartbeat in one region.
     *
     * @param sessions how many there were so far
     * @param present whether the slot shows the last of them, or generation 0
     * @param beating whether the slot moves
     */
    record Beat(int sessions, boolean present, boolean beating) {
        static final Beat NEVER = new Beat(0, false, false);

        Beat begun() {
            return new Beat(sessions + 1, true, true);
        }

        Beat halted() {
            return new Beat(sessions, present, false);
        }

        Beat left() {
            return new Beat(sessions, false, false);
        }

        /** {@return all that a reader of the slot can see, 9 bits} */
        int code() {
            return (present ? (sessions << 1) : 0) | (beating ? 1 : 0);
        }
    }

    /**
     * The write of a report.
     *
     * @param report what is written
     * @param landed whether it is on the disk already
     */
    record Writing(Report report, boolean landed) {}

    /**
     * A reading of the board under way.
     *
     * @param startedNs when it was begun
     * @param blocks what was read so far, of the nodes in ascending order; empty for a vacant block
     */
    record Reading(long startedNs, List<Optional<Report>> blocks) {
        Reading {
            blocks = List.copyOf(blocks);
        }
    }

    Machine {
        spaces = Collections.unmodifiableSortedMap(spaces);
        comms = Collections.unmodifiableSortedMap(comms);
        beats = List.copyOf(beats);
        writings = List.copyOf(writings);
        readings = List.copyOf(readings);
    }

    NodeNumber node() {
        return NodeNumber.of(number);
    }

    BootId boot() {
        return boot(number, boots);
    }

    boolean hasAgent() {
        return state.isPresent();
    }

    Machine withState(State newState, long newClockNs) {
        return new Machine(
                number,
                boots,
                up,
                Optional.of(newState),
                memory,
                spaces,
                comms,
                beats,
                writings,
                readings,
                overflow,
                losesNext,
                created,
                lastSeq,
                newClockNs);
    }

    static BootId boot(int number, int boots) {
        return new BootId(number, boots);
    }

    static Generation generation(int number, int region, int sessions) {
        return sessions == 0
                ? Generation.NONE
                : new Generation(number * GENERATIONS_PER_NODE + region * SESSIONS_PER_REGION + sessions);
    }

    /** {@return whose generation it is, 0 for none} */
    static int node(Generation generation) {
        return (int) (generation.value() / GENERATIONS_PER_NODE);
    }

    /** {@return which session of its node it is, in whatever region} */
    static int sessions(Generation generation) {
        return (int) (generation.value() % SESSIONS_PER_REGION);
    }
}
