// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

/** The network between the machines: one direction at a time. */
final class Wires {
    private final boolean[][] cut;

    Wires(int nodes) {
        cut = new boolean[nodes][nodes];
    }

    void cut(int from, int to) {
        cut[from][to] = true;
    }

    void mend(int node) {
        for (int other = 0; other < cut.length; other++) {
            cut[node][other] = false;
            cut[other][node] = false;
        }
    }

    /** {@return whether what the one sends reaches the other} */
    boolean passes(int from, int to) {
        return !cut[from][to];
    }

    /** {@return whether the two can talk} */
    boolean joined(int a, int b) {
        return !cut[a][b] && !cut[b][a];
    }
}
