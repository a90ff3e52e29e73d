// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.Arrays;

/**
 * How a cluster is written into words: per node the number of its machine, per region and node the number of what is
 * in its block, the number of the history, and what is left of the budgets.
 */
@SuppressWarnings("EnumOrdinal") // numbers for one search, kept nowhere
final class Words {
    private static final int BITS = 4;
    private static final int FAULTS_PER_WORD = 32 / BITS;

    private final int nodes;
    private final int regions;

    Words(SearchSettings settings) {
        nodes = settings.nodes();
        regions = settings.regions();
    }

    int length() {
        return nodes + nodes * regions + 1 + (Fault.values().length + FAULTS_PER_WORD - 1) / FAULTS_PER_WORD;
    }

    int machine(int[] words, int node) {
        return words[node];
    }

    int[] blocks(int[] words, int region) {
        int first = nodes + region * nodes;
        return Arrays.copyOfRange(words, first, first + nodes);
    }

    void block(int[] words, int region, int node, int content) {
        words[nodes + region * nodes + node] = content;
    }

    int history(int[] words) {
        return words[nodes + nodes * regions];
    }

    void history(int[] words, int history) {
        words[nodes + nodes * regions] = history;
    }

    int left(int[] words, Fault fault) {
        return (words[word(fault)] >>> shift(fault)) & ((1 << BITS) - 1);
    }

    void left(int[] words, Fault fault, int budget) {
        int others = words[word(fault)] & ~(((1 << BITS) - 1) << shift(fault));
        words[word(fault)] = others | (budget << shift(fault));
    }

    /** {@return whether the budget is not used up yet; takes one from it} */
    boolean takes(int[] words, Fault fault) {
        int left = left(words, fault);
        if (left > 0 && left != Fault.UNLIMITED) {
            left(words, fault, left - 1);
        }
        return left > 0;
    }

    private int word(Fault fault) {
        return nodes + nodes * regions + 1 + fault.ordinal() / FAULTS_PER_WORD;
    }

    private static int shift(Fault fault) {
        return fault.ordinal() % FAULTS_PER_WORD * BITS;
    }
}
