// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

/**
 * The clock of one plan. A plan asks it whether moments were reached, and nothing else of the time; so it knows when
 * the same plan, of a state about which nothing more was learnt, may come out otherwise: when the first moment is
 * reached that was asked for and was not.
 */
final class Due {
    private final long nowNs;
    private long nextNs = Planned.NEVER;

    Due(long nowNs) {
        this.nowNs = nowNs;
    }

    /** {@return whether it is that late} */
    boolean reached(long momentNs) {
        if (nowNs >= momentNs) {
            return true;
        }
        nextNs = Math.min(nextNs, momentNs);
        return false;
    }

    /** {@return whether more than {@code spanNs} have passed since {@code momentNs}} */
    boolean passed(long momentNs, long spanNs) {
        return reached(momentNs + spanNs + 1);
    }

    /** {@return the first moment that was asked for and is yet to come} */
    long nextNs() {
        return nextNs;
    }
}
