// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/** Numbers for fingerprints, and per thing what it is under each renaming. */
final class Shapes {
    private final LongPairTable numbers = new LongPairTable();
    private final Ints shapes;

    Shapes(Cluster cluster) {
        shapes = new Ints(cluster.renamings.size());
    }

    int of(Fingerprint fingerprint) {
        return numbers.number(fingerprint.high(), fingerprint.low());
    }

    void add(int... perRenaming) {
        shapes.add(perRenaming);
    }

    int get(int thing, int renaming) {
        return shapes.get(thing, renaming);
    }
}
