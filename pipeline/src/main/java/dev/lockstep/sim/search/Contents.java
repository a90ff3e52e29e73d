// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.LockspaceName;
import java.util.ArrayList;
import java.util.List;

/** Everything that ever stood in a block, numbered. Reports that differ in nothing that counts have one number. */
final class Contents {
    static final int VACANT = 0;
    static final int GARBLED = 1;
    static final int WIPED = 2;

    private final Cluster cluster;
    private final List<Surroundings.Block> blocks = new ArrayList<>();
    private final Shapes shapes;
    private final LongPairTable numbers = new LongPairTable();
    private final Ints epochs;

    Contents(Cluster cluster) {
        this.cluster = cluster;
        shapes = new Shapes(cluster);
        epochs = new Ints(cluster.lockspaces.size());
        for (Surroundings.Block none : List.of(Surroundings.VACANT, Surroundings.GARBLED, Surroundings.WIPED)) {
            numbers.number(blocks.size(), -1);
            blocks.add(none);
            shapes.add(new int[cluster.renamings.size()]);
            epochs.add(new int[cluster.lockspaces.size()]);
        }
    }

    int number(Report report) {
        Fingerprint canonical = Canon.of(cluster, cluster.renamings.get(0), report);
        int number = numbers.number(canonical.high(), canonical.low());
        if (number == blocks.size()) {
            blocks.add(new Surroundings.Block.Holds(report));
            shapes.add(cluster.renamings.stream()
                    .mapToInt(names -> shapes.of(Canon.of(cluster, names, report)))
                    .toArray());
            epochs.add(cluster.lockspaces.stream()
                    .mapToInt(name -> epoch(report, name))
                    .toArray());
        }
        return number;
    }

    private static int epoch(Report report, LockspaceName name) {
        Epoch entry = report.lockspace(name).map(LockspaceEntry::epoch).orElse(report.floor());
        return Math.toIntExact(Epoch.max(entry, report.floor()).value());
    }

    /** {@return the highest epoch of lockspace {@code k} that a block with that content keeps} */
    int epoch(int number, int k) {
        return epochs.get(number, k);
    }

    /** {@return what stands for the content where nodes are called otherwise} */
    int shape(int number, int renaming) {
        return !isReport(number) ? -1 - number : shapes.get(number, renaming);
    }

    static boolean isReport(int number) {
        return number > WIPED;
    }

    Surroundings.Block block(int number) {
        return blocks.get(number);
    }

    int size() {
        return blocks.size();
    }
}
