// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.core.RegionState;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one machine writes to the boards and reads from them, for the length of one event. */
final class BoardsAtWork {
    private final Cluster cluster;
    private final NodeNumber self;
    private final Surroundings around;
    private final List<Optional<Machine.Writing>> writings;
    private final List<Optional<Machine.Reading>> readings;
    private long lastSeq;

    BoardsAtWork(Cluster cluster, Machine machine, Surroundings around) {
        this.cluster = cluster;
        this.self = machine.node();
        this.around = around;
        writings = new ArrayList<>(machine.writings());
        readings = new ArrayList<>(machine.readings());
        lastSeq = machine.lastSeq();
    }

    List<Optional<Machine.Writing>> writings() {
        return writings;
    }

    List<Optional<Machine.Reading>> readings() {
        return readings;
    }

    long lastSeq() {
        return lastSeq;
    }

    /** The agent is gone, and with it what was on its way. */
    void cutOff() {
        lastSeq = 0;
        writings.replaceAll(writing -> Optional.empty());
        readings.replaceAll(reading -> Optional.empty());
    }

    /** A report is to be written. */
    void due(CoreAtWork core, Report content) {
        int region = cluster.region(content.region());
        if (writings.get(region).isEmpty()) { // else the end of the write under way plans again
            core.state().lockspaces().values().forEach(l -> cluster.note(l.view()));
            lastSeq = Math.max(lastSeq, core.state().lastOwnSeq(content.region())) + 1;
            Report report = content.withSeq(lastSeq);
            core.observe(new Evidence.ReportSubmitted(core.tick(), report));
            writings.set(region, Optional.of(new Machine.Writing(report, false)));
        }
    }

    /** {@return the report that is on the disk from now on} */
    Report lands(int region) {
        Report report = writings.get(region).orElseThrow().report();
        writings.set(region, Optional.of(new Machine.Writing(report, true)));
        return report;
    }

    /** The agent hears that it is. */
    void published(CoreAtWork core, int region) {
        Report report = writings.get(region).orElseThrow().report();
        writings.set(region, Optional.empty());
        core.feed(new Evidence.ReportPublished(core.tick(), report));
    }

    /** All blocks of one moment, those in {@code torn} unreadable. */
    void read(CoreAtWork core, int region, int torn) {
        long startedNs = core.tick();
        SortedMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
        for (NodeNumber node : cluster.nodes) {
            boolean bad = (torn & (1 << (node.value() - 1))) != 0;
            Surroundings.Block block = around.blocks().get(node.value() - 1);
            reading(core, region, node, bad ? Surroundings.GARBLED : block).ifPresent(r -> blocks.put(node, r));
        }
        RegionId id = cluster.regions.get(region);
        core.feed(new Evidence.BoardScanned(core.tick(), startedNs, id, blocks));
    }

    /** Where nothing takes a report away, its seq follows the reader's, so that states do not differ by it. */
    private Optional<BlockReading> reading(CoreAtWork core, int region, NodeNumber node, Surroundings.Block block) {
        RegionState known = core.state().regions().get(cluster.regions.get(region));
        boolean own = node.equals(self);
        if (own && known != null && known.recalled() && !cluster.losesReports()) {
            return Optional.empty();
        }
        if (block instanceof Surroundings.Block.Holds holds) {
            Report report = holds.report();
            if (!cluster.losesReports() && known != null && known.blocks().containsKey(node)) {
                Optional<Report> last = known.blocks().get(node).report();
                long seqRead = last.map(Report::seq).orElse(0L);
                boolean same =
                        last.filter(r -> r.withSeq(0).equals(report.withSeq(0))).isPresent();
                return Optional.of(new BlockReading.Good(report.withSeq(same ? seqRead : seqRead + 1)));
            }
            return Optional.of(new BlockReading.Good(report));
        }
        boolean vacant = block instanceof Surroundings.Block.Vacant || block instanceof Surroundings.Block.Wiped;
        return Optional.of(vacant ? new BlockReading.Vacant() : new BlockReading.Bad("torn"));
    }

    void slowBegins(CoreAtWork core, int region) {
        readings.set(region, Optional.of(new Machine.Reading(core.tick(), List.of())));
    }

    /** One block more. */
    void slowReads(int region) {
        Machine.Reading reading = readings.get(region).orElseThrow();
        List<Optional<Report>> blocks = new ArrayList<>(reading.blocks());
        Surroundings.Block block = around.blocks().get(blocks.size());
        blocks.add(
                block instanceof Surroundings.Block.Holds holds
                        ? Optional.of(
                                cluster.losesReports()
                                        ? holds.report()
                                        : holds.report().withSeq(0))
                        : Optional.empty());
        readings.set(region, Optional.of(new Machine.Reading(reading.startedNs(), blocks)));
    }

    void slowEnds(CoreAtWork core, int region) {
        Machine.Reading reading = readings.get(region).orElseThrow();
        readings.set(region, Optional.empty());
        SortedMap<NodeNumber, BlockReading> blocks = new TreeMap<>();
        for (NodeNumber node : cluster.nodes) {
            Surroundings.Block block = reading.blocks()
                    .get(node.value() - 1)
                    .<Surroundings.Block>map(Surroundings.Block.Holds::new)
                    .orElse(Surroundings.VACANT);
            reading(core, region, node, block).ifPresent(r -> blocks.put(node, r));
        }
        RegionId id = cluster.regions.get(region);
        core.feed(new Evidence.BoardScanned(core.tick(), reading.startedNs(), id, blocks));
    }
}
