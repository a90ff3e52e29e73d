// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/**
 * A cluster's parts, numbered: a machine with what stands in its blocks, and the judge's memory with what is left of
 * the budgets. A cluster is one number for each node and one more.
 */
final class Parts {
    private final Machines machines;
    private final Contents contents;
    private final History history;
    private final int regions;
    private final int renamings;
    private final LongPairTable nodes = new LongPairTable();
    private final Ints ofNodes;
    private final LongPairTable rests = new LongPairTable();
    private final Ints ofRests = new Ints(3);
    private final LongPairTable shapesOfNodes = new LongPairTable();
    private final LongPairTable shapesOfRests = new LongPairTable();
    private final Ints nodesRenamed;
    private final Ints restsRenamed;

    Parts(Cluster cluster, Machines machines, Contents contents, History history) {
        this.machines = machines;
        this.contents = contents;
        this.history = history;
        regions = cluster.regions.size();
        renamings = cluster.renamings.size();
        ofNodes = new Ints(1 + regions);
        nodesRenamed = new Ints(renamings);
        restsRenamed = new Ints(renamings);
    }

    /** {@return the number of a machine with what is in its block in each region} */
    int node(int machine, int[] blocks) {
        long second = regions > 1 ? blocks[1] : 0;
        int number = nodes.get(word(machine, blocks[0]), second);
        if (number < 0) {
            number = nodes.number(word(machine, blocks[0]), second);
            int[] row = new int[1 + regions];
            row[0] = machine;
            System.arraycopy(blocks, 0, row, 1, regions);
            ofNodes.add(row);
            int[] renamed = new int[renamings];
            for (int r = 0; r < renamings; r++) {
                renamed[r] = shapesOfNodes.number(
                        word(machines.shape(machine, r), contents.shape(blocks[0], r)),
                        regions > 1 ? contents.shape(blocks[1], r) : 0);
            }
            nodesRenamed.add(renamed);
        }
        return number;
    }

    int machine(int node) {
        return ofNodes.get(node, 0);
    }

    int block(int node, int region) {
        return ofNodes.get(node, 1 + region);
    }

    int nodeRenamed(int node, int renaming) {
        return nodesRenamed.get(node, renaming);
    }

    /** {@return the number of a history and what is left of the budgets} */
    int rest(int ofHistory, long budgets) {
        int number = rests.get(ofHistory, budgets);
        if (number < 0) {
            number = rests.number(ofHistory, budgets);
            ofRests.add(ofHistory, (int) (budgets >>> 32), (int) budgets);
            int[] renamed = new int[renamings];
            for (int r = 0; r < renamings; r++) {
                renamed[r] = shapesOfRests.number(history.shape(ofHistory, r), budgets);
            }
            restsRenamed.add(renamed);
        }
        return number;
    }

    int history(int rest) {
        return ofRests.get(rest, 0);
    }

    long budgets(int rest) {
        return word(ofRests.get(rest, 1), ofRests.get(rest, 2));
    }

    int restRenamed(int rest, int renaming) {
        return restsRenamed.get(rest, renaming);
    }

    /** {@return how many machines with their blocks there are} */
    int size() {
        return ofNodes.size();
    }

    private static long word(int high, int low) {
        return ((long) high << 32) | (low & 0xffffffffL);
    }
}
