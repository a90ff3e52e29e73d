// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: what is to happen when, in a binary heap of primitive keys. What falls on one moment happens in the
 * order in which it was asked for.
 */
final class EventQueue {
    private long[] when = new long[256];
    private long[] order = new long[256];
    private Runnable[] what = new Runnable[256];
    private Held[] whose = new Held[256];
    private int size;
    private long asked;
    private long nowNs = 1_000_000_000L;
    private long happened;

    long nowNs() {
        return nowNs;
    }

    long happened() {
        return happened;
    }

    /** Lets something happen, or as soon as {@code who} moves again. */
    void at(long atNs, Held who, Runnable event) {
        if (size == when.length) {
            grow();
        }
        up(size++, Math.max(atNs, nowNs), asked++, who, event);
    }

    void after(long pauseNs, Held who, Runnable event) {
        at(nowNs + pauseNs, who, event);
    }

    private void grow() {
        int room = when.length * 2;
        when = Arrays.copyOf(when, room);
        order = Arrays.copyOf(order, room);
        what = Arrays.copyOf(what, room);
        whose = Arrays.copyOf(whose, room);
    }

    /** Lets all that is due until then happen; {@return whether it got there, and was not stopped before} */
    boolean runTo(long untilNs, Stop stop) {
        while (size > 0 && when[0] <= untilNs) {
            Runnable event = what[0];
            Held who = whose[0];
            nowNs = when[0];
            removeFirst();
            long heldNs = who.heldUntilNs();
            if (heldNs > nowNs) {
                at(heldNs, who, event);
                continue;
            }
            happened++;
            event.run();
            if (stop.now()) {
                return false;
            }
        }
        nowNs = untilNs;
        return true;
    }

    /** Asked after each event. */
    interface Stop {
        boolean now();
    }

    private void removeFirst() {
        size--;
        long lastWhen = when[size];
        long lastOrder = order[size];
        Runnable lastWhat = what[size];
        Held lastWhose = whose[size];
        clear(size);
        if (size > 0) {
            down(lastWhen, lastOrder, lastWhose, lastWhat);
        }
    }

    @SuppressWarnings("NullAway") // beyond size nothing is read
    private void clear(int index) {
        @Nullable Runnable nothing = null;
        @Nullable Held nobody = null;
        what[index] = nothing;
        whose[index] = nobody;
    }

    private void up(int from, long atNs, long number, Held who, Runnable event) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (when[parent] <= atNs) {
                break; // the one asked for later goes below its equals
            }
            move(parent, at);
            at = parent;
        }
        put(at, atNs, number, who, event);
    }

    private void down(long atNs, long number, Held who, Runnable event) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(when[child + 1], order[child + 1], when[child], order[child])) {
                child++;
            }
            if (before(atNs, number, when[child], order[child])) {
                break;
            }
            move(child, at);
            at = child;
        }
        put(at, atNs, number, who, event);
    }

    private static boolean before(long aNs, long aOrder, long bNs, long bOrder) {
        return aNs < bNs || (aNs == bNs && aOrder < bOrder);
    }

    private void move(int from, int to) {
        when[to] = when[from];
        order[to] = order[from];
        what[to] = what[from];
        whose[to] = whose[from];
    }

    private void put(int at, long atNs, long number, Held who, Runnable event) {
        when[at] = atNs;
        order[at] = number;
        whose[at] = who;
        what[at] = event;
    }
}
