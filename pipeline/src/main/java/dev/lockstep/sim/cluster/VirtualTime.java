// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only when it is told to, and what is to happen in it, in order; what falls on one moment, in the
 * order in which it was asked for. For one thread.
 */
final class VirtualTime {
    /** A heap by moment, then order: the children of i are 2 i + 1 and 2 i + 2. */
    private long[] atNs = new long[64];

    private long[] order = new long[64];
    private @Nullable Runnable[] task = new Runnable[64];
    private int size;

    /** Asked for at this very moment, so behind everything else that is due by now. */
    private final Queue<Runnable> atOnce = new ArrayDeque<>();

    private long nowNs;
    private long orders;

    long nowNs() {
        return nowNs;
    }

    void after(long delayNs, Runnable what) {
        if (delayNs <= 0) {
            orders++;
            atOnce.add(what);
            return;
        }
        if (size == task.length) {
            atNs = Arrays.copyOf(atNs, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            task = Arrays.copyOf(task, 2 * size);
        }
        up(size++, nowNs + delayNs, orders++, what);
    }

    /** Lets everything happen that is due until then. */
    void runTo(long endNs) {
        while (true) {
            if (size == 0 || atNs[0] > nowNs) {
                Runnable now = atOnce.poll();
                if (now != null) {
                    now.run();
                    continue;
                }
                if (size == 0 || atNs[0] > endNs) {
                    break;
                }
                nowNs = atNs[0];
            }
            removeFirst().run();
        }
        nowNs = endNs;
    }

    private Runnable removeFirst() {
        Runnable first = Objects.requireNonNull(task[0]);
        size--;
        long lastNs = atNs[size];
        long lastOrder = order[size];
        Runnable last = task[size];
        task[size] = null;
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && isBefore(atNs[child + 1], order[child + 1], child)) {
                child++;
            }
            if (!isBefore(atNs[child], order[child], lastNs, lastOrder)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        if (size > 0) {
            put(hole, lastNs, lastOrder, last);
        }
        return first;
    }

    private void up(int from, long whenNs, long asked, Runnable what) {
        int hole = from;
        while (hole > 0 && isBefore(whenNs, asked, (hole - 1) / 2)) {
            move((hole - 1) / 2, hole);
            hole = (hole - 1) / 2;
        }
        put(hole, whenNs, asked, what);
    }

    private boolean isBefore(long whenNs, long asked, int place) {
        return isBefore(whenNs, asked, atNs[place], order[place]);
    }

    private static boolean isBefore(long oneNs, long one, long otherNs, long other) {
        return oneNs != otherNs ? oneNs < otherNs : one < other;
    }

    private void move(int from, int to) {
        put(to, atNs[from], order[from], task[from]);
    }

    private void put(int place, long whenNs, long asked, @Nullable Runnable what) {
        atNs[place] = whenNs;
        order[place] = asked;
        task[place] = what;
    }

    /** {@return how many things were ever planned} */
    long planned() {
        return orders;
    }
}
