// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Report;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that ever stood in a block, numbered. Reports that differ in nothing that counts have one number. */
final class Contents {
    static final int VACANT = 0;
    static final int GARBLED = 1;

    private final Cluster cluster;
    private final List<Surroundings.Block> blocks = new ArrayList<>();
    private final Shapes shapes = new Shapes();
    private final Map<Fingerprint, Integer> numbers = new HashMap<>();

    Contents(Cluster cluster) {
        this.cluster = cluster;
        for (Surroundings.Block none : List.of(Surroundings.VACANT, Surroundings.GARBLED)) {
            blocks.add(none);
            shapes.add(new int[cluster.renamings.size()]);
        }
    }

    int number(Report report) {
        return numbers.computeIfAbsent(Canon.of(cluster, cluster.renamings.get(0), report), f -> {
            blocks.add(new Surroundings.Block.Holds(report));
            shapes.add(cluster.renamings.stream()
                    .mapToInt(names -> shapes.of(Canon.of(cluster, names, report)))
                    .toArray());
            return blocks.size() - 1;
        });
    }

    /** {@return what stands for the content where nodes are called otherwise} */
    int shape(int number, int renaming) {
        return number <= GARBLED ? -1 - number : shapes.get(number, renaming);
    }

    Surroundings.Block block(int number) {
        return blocks.get(number);
    }

    int size() {
        return blocks.size();
    }
}
