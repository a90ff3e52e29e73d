// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;

/** Time that passes only when it is told to, and what is to happen in it, in order. For one thread. */
final class VirtualTime {

    /** What is to happen. */
    private record Due(long atNs, long order, Runnable task) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Due> later = new PriorityQueue<>();
    /** Asked for at this very moment, so behind everything else that is due by now. */
    private final Queue<Runnable> atOnce = new ArrayDeque<>();

    private long nowNs;
    private long orders;

    long nowNs() {
        return nowNs;
    }

    void after(long delayNs, Runnable task) {
        long order = orders++;
        if (delayNs <= 0) {
            atOnce.add(task);
        } else {
            later.add(new Due(nowNs + delayNs, order, task));
        }
    }

    /** Lets everything happen that is due until then. */
    void runTo(long endNs) {
        while (true) {
            Due next = later.peek();
            if (next == null || next.atNs > nowNs) {
                Runnable now = atOnce.poll();
                if (now != null) {
                    now.run();
                    continue;
                }
                if (next == null || next.atNs > endNs) {
                    break;
                }
                nowNs = next.atNs;
            }
            later.remove();
            next.task.run();
        }
        nowNs = endNs;
    }

    /** {@return how many things were ever planned} */
    long planned() {
        return orders;
    }
}
