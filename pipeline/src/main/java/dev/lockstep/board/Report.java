// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.List;
import java.util.Optional;

/**
 * What one node says about itself on one region's board. Only that node writes it. See {@link BoardCodec} for its
 * bytes.
 *
 * @param region the region whose board this is; another region's name here means two disks or one under two names
 * @param node the writer
 * @param boot the writer's boot id
 * @param generation the writer's heartbeat session in this region, NONE before its own slot moved twice
 * @param seq rises with every write of this report, over restarts and reboots
 * @param settings what must be equal on all nodes
 * @param mustGo the writer knows that it must go and is about to reset itself (EVICT-ME)
 * @param floor the highest epoch of any lockspace entry the writer has dropped, or has read in a dead node's block that
 *     was lost since
 * @param evictions the writer's verdicts
 * @param lockspaces the lockspaces this region guards on the writer, ascending by name
 * @param fences what the writer's fence command does about others
 * @param links whom the writer reaches over the network
 */
public record Report(
        RegionId region,
        NodeNumber node,
        BootId boot,
        Generation generation,
        long seq,
        SettingsDigest settings,
        boolean mustGo,
        Epoch floor,
        List<Eviction> evictions,
        List<LockspaceEntry> lockspaces,
        List<FenceAttempt> fences,
        Links links) {

    public Report {
        evictions = List.copyOf(evictions);
        lockspaces = List.copyOf(lockspaces);
        fences = List.copyOf(fences);
    }

    /** A report of a node that fences and probes nobody. */
    public Report(
            RegionId region,
            NodeNumber node,
            BootId boot,
            Generation generation,
            long seq,
            SettingsDigest settings,
            boolean mustGo,
            Epoch floor,
            List<Eviction> evictions,
            List<LockspaceEntry> lockspaces) {
        this(
                region,
                node,
                boot,
                generation,
                seq,
                settings,
                mustGo,
                floor,
                evictions,
                lockspaces,
                List.of(),
                Links.NONE);
    }

    /** {@return the writer's entry for {@code name}, if it lists it} */
    public Optional<LockspaceEntry> lockspace(LockspaceName name) {
        for (int i = 0; i < lockspaces.size(); i++) { // asked for each block by each plan
            if (lockspaces.get(i).name().equals(name)) {
                return Optional.of(lockspaces.get(i));
            }
        }
        return Optional.empty();
    }

    /** {@return the highest epoch of any lockspace, and the floor} */
    public Epoch highestEpoch() {
        Epoch highest = floor;
        for (LockspaceEntry each : lockspaces) {
            highest = Epoch.max(highest, each.epoch());
        }
        return highest;
    }

    /** {@return whether this report evicts that life of a node, whatever the kind; one that must go evicts itself} */
    public boolean evicts(NodeNumber who, BootId life) {
        boolean itself = mustGo && node.equals(who) && boot.equals(life);
        return itself || Eviction.named(evictions, who, life);
    }

    /** {@return whether the two differ in nothing but their seq} */
    @SuppressWarnings("ReferenceEquality") // mostly it is the very one that was read before
    public boolean saysSameAs(Report other) {
        return this == other
                || (mustGo == other.mustGo
                        && region.equals(other.region)
                        && node.equals(other.node)
                        && boot.equals(other.boot)
                        && generation.equals(other.generation)
                        && settings.equals(other.settings)
                        && floor.equals(other.floor)
                        && evictions.equals(other.evictions)
                        && lockspaces.equals(other.lockspaces)
                        && fences.equals(other.fences)
                        && links.equals(other.links));
    }

    /** {@return the same report under another seq} */
    public Report withSeq(long newSeq) {
        return new Report(
                region, node, boot, generation, newSeq, settings, mustGo, floor, evictions, lockspaces, fences, links);
    }
}
