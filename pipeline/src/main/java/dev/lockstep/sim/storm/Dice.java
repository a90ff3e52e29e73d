// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

/** Numbers that a seed decides (splitmix64). Forks are independent: what one actor draws leaves others alone. */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    Dice(long seed) {
        state = mix(seed + GOLDEN);
    }

    /** {@return dice of their own, the same for the same {@code name} whatever was drawn here} */
    Dice fork(long name) {
        return new Dice(mix(state ^ mix(name * GOLDEN + 1)));
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** {@return 0 to {@code bound} - 1} */
    int below(int bound) {
        return (int) (((next() >>> 33) * bound) >>> 31);
    }

    /** {@return {@code least} to {@code most}} */
    long between(long least, long most) {
        return least + (long) ((next() >>> 11) * 0x1.0p-53 * (most - least + 1));
    }

    boolean percent(int chance) {
        return below(100) < chance;
    }
}
