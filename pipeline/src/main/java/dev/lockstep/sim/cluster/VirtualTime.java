// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import java.util.PriorityQueue;
import reactor.core.Disposable;

/** Time that passes only when it is told to, and what is to happen in it, in order. For one thread. */
final class VirtualTime {

    /** What is to happen. */
    private static final class Due implements Comparable<Due>, Disposable {
        private final long atNs;
        private final long order;
        private final Runnable task;
        private boolean cancelled;

        Due(long atNs, long order, Runnable task) {
            this.atNs = atNs;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public void dispose() {
            cancelled = true;
        }

        @Override
        public boolean isDisposed() {
            return cancelled;
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long nowNs;
    private long orders;

    long nowNs() {
        return nowNs;
    }

    /** {@return cancels it} */
    Disposable after(long delayNs, Runnable task) {
        Due due = new Due(nowNs + Math.max(0, delayNs), orders++, task);
        queue.add(due);
        return due;
    }

    /** Lets everything happen that is due until then. */
    void runTo(long endNs) {
        for (Due next = queue.peek(); next != null && next.atNs <= endNs; next = queue.peek()) {
            queue.remove();
            if (!next.cancelled) {
                nowNs = next.atNs;
                next.task.run();
            }
        }
        nowNs = endNs;
    }

    /** {@return how many things were ever planned} */
    long planned() {
        return orders;
    }
}
