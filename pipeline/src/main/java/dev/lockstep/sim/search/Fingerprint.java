// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/**
 * 128 bits that stand for a machine's canonical form. Two of n machines share one with a probability below n² / 2¹²⁸.
 *
 * @param high 64 bits
 * @param low 64 more
 */
record Fingerprint(long high, long low) {

    /** Mixes words into a fingerprint. */
    static final class Mixer {
        private long high = 0x243f6a8885a308d3L;
        private long low = 0x13198a2e03707344L;

        void put(long word) {
            high = mix((high ^ word) + 0x9e3779b97f4a7c15L);
            low = mix((Long.rotateLeft(low, 23) * 0xd6e8feb86659fd93L) + word);
        }

        void put(boolean flag) {
            put(flag ? 1 : 2);
        }

        Fingerprint done() {
            return new Fingerprint(mix(high), mix(low));
        }

        /** A bijection, so that no two words are confused before they meet others (splitmix64's finisher). */
        private static long mix(long word) {
            long z = (word ^ (word >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            return z ^ (z >>> 31);
        }
    }
}
