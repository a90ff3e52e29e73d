// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Phase;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.reason.Reason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the agent publishes about itself. Immutable; times are CLOCK_BOOTTIME nanoseconds of this node.
 *
 * @param node this node
 * @param nodeName its name
 * @param boot this life of its kernel
 * @param startedNs when the agent started
 * @param started whether kernel and memory were read since; before that nothing is known of lockspaces
 * @param regions the regions, by name
 * @param lockspaces the lockspaces, by name
 * @param mustGo why this node must go, if it must
 * @param evictions verdicts this node holds or has read
 * @param uevents how many uevents came
 * @param ignoredWakeUps datagrams at the port for wake-ups that were no peer's or too many, since the agent started
 */
public record StatusSnapshot(
        NodeNumber node,
        String nodeName,
        BootId boot,
        long startedNs,
        boolean started,
        List<Region> regions,
        List<Lockspace> lockspaces,
        Optional<String> mustGo,
        List<Eviction> evictions,
        Uevents uevents,
        long ignoredWakeUps) {

    public StatusSnapshot {
        regions = List.copyOf(regions);
        lockspaces = List.copyOf(lockspaces);
        evictions = List.copyOf(evictions);
    }

    /**
     * One region.
     *
     * @param device device or file
     * @param hasBoard whether reports can be kept on it
     * @param trouble why it cannot be used, or what failed last; empty if nothing
     * @param failures how many reads and writes of its device failed since the agent started
     * @param nodes the configured nodes in it, by number, this node among them
     */
    public record Region(
            RegionId name, String device, boolean hasBoard, String trouble, long failures, List<NodeInRegion> nodes) {
        public Region {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * One node in one region.
     *
     * @param status what its slot says
     * @param cause why it is down, NONE if it is not
     * @param generation its heartbeat session, NONE if there is none
     * @param report what is known of its last report, empty if none was read
     * @param trouble what was wrong with the last read of its block; empty if nothing
     * @param ignored what of it was no good
     */
    public record NodeInRegion(
            NodeNumber node,
            String name,
            SlotState.Status status,
            SlotState.Cause cause,
            Generation generation,
            Optional<LastReport> report,
            String trouble,
            Ignored ignored) {

        /** {@return whether the incarnation that made the last report is seen to heartbeat here} */
        boolean reporterLives() {
            return status == SlotState.Status.LIVE
                    && report.filter(last -> !last.generation().equals(generation))
                            .isEmpty();
        }

        /** {@return whether that life may be what is seen to heartbeat here: one that left no report may be any} */
        boolean mayBe(BootId life) {
            boolean another = report.filter(last -> !last.boot().equals(life)).isPresent();
            return another ? status == SlotState.Status.LIVE && !reporterLives() : reporterLives();
        }
    }

    /**
     * How often something read of a node was bad and ignored, since the agent started.
     *
     * @param badChecksums slots whose checksum does not match
     * @param foreignNumbers slots that carry another node's number
     * @param badReports board blocks that were damaged, another node's or older than what was read before
     */
    public record Ignored(long badChecksums, long foreignNumbers, long badReports) {}

    /**
     * Uevents since the agent started.
     *
     * @param received events of fs/dlm
     * @param malformed datagrams that were not understood, or not the kernel's
     * @param refused creates that were refused, because their lockspace's name cannot be served
     * @param lost how many times some were lost; the kernel was read again each time
     */
    public record Uevents(long received, long malformed, long refused, long lost) {}

    /**
     * A node's last report.
     *
     * @param boot the boot it was made in
     * @param generation the heartbeat session it was made under
     * @param seq its number
     * @param changedNs when a new seq was last read, this node's time
     */
    public record LastReport(BootId boot, Generation generation, long seq, long changedNs) {}

    /**
     * One lockspace on this node.
     *
     * @param guard the region that decides who lives, if there is one
     * @param phase where this node stands, empty for ABSENT
     * @param epoch the phase's epoch
     * @param view the phase's members
     * @param recoverStatus the kernel's recover_status, if the kernel has the lockspace
     * @param reasons why it waits; empty if it does not
     */
    public record Lockspace(
            LockspaceName name,
            Optional<RegionId> guard,
            Optional<Phase> phase,
            Epoch epoch,
            View view,
            OptionalInt recoverStatus,
            List<Reason> reasons) {
        public Lockspace {
            reasons = List.copyOf(reasons);
        }

        /** {@return the phase's name, ABSENT included} */
        public String phaseName() {
            return phase.map(Enum::name).orElse("ABSENT");
        }
    }

    /** {@return the node's name, as any region's list gives it} */
    Optional<String> nameOf(NodeNumber number) {
        return nodes().filter(node -> node.node().equals(number))
                .map(NodeInRegion::name)
                .findFirst();
    }

    /** {@return kind → how often it was met and ignored, over all regions; what never was is left out} */
    SortedMap<String, Long> badInput() {
        SortedMap<String, Long> kinds = new TreeMap<>();
        kinds.put(
                "badChecksums",
                nodes().mapToLong(n -> n.ignored().badChecksums()).sum());
        kinds.put(
                "foreignNumbers",
                nodes().mapToLong(n -> n.ignored().foreignNumbers()).sum());
        kinds.put("badReports", nodes().mapToLong(n -> n.ignored().badReports()).sum());
        kinds.put("failures", regions.stream().mapToLong(Region::failures).sum());
        kinds.put("malformedUevents", uevents.malformed());
        kinds.put("refusedNames", uevents.refused());
        kinds.put("lostUevents", uevents.lost());
        kinds.put("ignoredWakeUps", ignoredWakeUps);
        kinds.values().removeIf(count -> count == 0);
        return kinds;
    }

    /** {@return every node in every region} */
    Stream<NodeInRegion> nodes() {
        return regions.stream().flatMap(region -> region.nodes().stream());
    }

    /** {@return the lockspace of that name, if the agent knows it} */
    public Optional<Lockspace> lockspace(String name) {
        return lockspaces.stream()
                .filter(lockspace -> lockspace.name().toString().equals(name))
                .findFirst();
    }
}
