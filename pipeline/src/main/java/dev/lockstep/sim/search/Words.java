// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/**
 * How a cluster is written into words: per node the number of its machine and blocks, and last the number of the
 * judge's memory and what is left of the budgets.
 */
@SuppressWarnings("EnumOrdinal") // numbers for one search, kept nowhere
final class Words {
    private static final int BITS = 4;
    private static final long MASK = (1 << BITS) - 1;

    private final int nodes;
    private final int regions;
    private final Parts parts;
    private final int[] blocks;

    Words(SearchSettings settings, Parts parts) {
        nodes = settings.nodes();
        regions = settings.regions();
        this.parts = parts;
        blocks = new int[regions];
    }

    int length() {
        return nodes + 1;
    }

    int machine(int[] words, int node) {
        return parts.machine(words[node]);
    }

    int block(int[] words, int region, int node) {
        return parts.block(words[node], region);
    }

    void machine(int[] words, int node, int machine) {
        for (int r = 0; r < regions; r++) {
            blocks[r] = parts.block(words[node], r);
        }
        words[node] = parts.node(machine, blocks);
    }

    /** Another machine, with something else in its block in one region. */
    void machine(int[] words, int node, int machine, int region, int content) {
        for (int r = 0; r < regions; r++) {
            blocks[r] = r == region ? content : parts.block(words[node], r);
        }
        words[node] = parts.node(machine, blocks);
    }

    int history(int[] words) {
        return parts.history(words[nodes]);
    }

    void history(int[] words, int history) {
        if (history != history(words)) {
            words[nodes] = parts.rest(history, parts.budgets(words[nodes]));
        }
    }

    int left(int[] words, Fault fault) {
        return (int) ((parts.budgets(words[nodes]) >>> shift(fault)) & MASK);
    }

    /** {@return whether the budget is not used up yet; takes one from it} */
    boolean takes(int[] words, Fault fault) {
        int left = left(words, fault);
        if (left > 0 && left != Fault.UNLIMITED) {
            words[nodes] = parts.rest(history(words), parts.budgets(words[nodes]) - (1L << shift(fault)));
        }
        return left > 0;
    }

    /** {@return all budgets of a search that has not begun} */
    static long budgets(SearchSettings settings) {
        long budgets = 0;
        for (Fault fault : Fault.values()) {
            budgets |= (long) settings.budget(fault) << shift(fault);
        }
        return budgets;
    }

    private static int shift(Fault fault) {
        return fault.ordinal() * BITS;
    }
}
