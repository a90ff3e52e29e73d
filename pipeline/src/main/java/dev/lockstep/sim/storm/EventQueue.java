// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: what is to happen when. What falls on one moment happens in the order in which it was asked for. A heap
 * of four branches over numbers only; events stand still in places of their own.
 */
final class EventQueue {
    private static final int PLACE_BITS = 20;
    private static final int PLACE = (1 << PLACE_BITS) - 1;

    private long[] when = new long[256];

    /** The order in which it was asked for, above the place where the event is. */
    private long[] orderAndPlace = new long[256];

    private int size;
    private Runnable[] what = new Runnable[256];
    private Held[] whose = new Held[256];

    /** Places that are free, the last {@link #free} of them. */
    private int[] freePlaces = places(0, 256);

    private int free = 256;
    private long asked;
    private long nowNs = 1_000_000_000L;
    private long happened;

    private static int[] places(int from, int to) {
        int[] places = new int[to];
        for (int i = from; i < to; i++) {
            places[i - from] = to - 1 - (i - from);
        }
        return places;
    }

    long nowNs() {
        return nowNs;
    }

    long happened() {
        return happened;
    }

    /** Lets something happen, or as soon as {@code who} moves again. */
    void at(long atNs, Held who, Runnable event) {
        if (free == 0) {
            grow();
        }
        int place = freePlaces[--free];
        what[place] = event;
        whose[place] = who;
        up(size++, Math.max(atNs, nowNs), asked++ << PLACE_BITS | place);
    }

    void after(long pauseNs, Held who, Runnable event) {
        at(nowNs + pauseNs, who, event);
    }

    private void grow() {
        int had = what.length;
        int room = had * 2;
        if (room > PLACE + 1) {
            throw new IllegalStateException("more than " + had + " events wait");
        }
        when = Arrays.copyOf(when, room);
        orderAndPlace = Arrays.copyOf(orderAndPlace, room);
        what = Arrays.copyOf(what, room);
        whose = Arrays.copyOf(whose, room);
        freePlaces = places(had, room);
        free = room - had;
    }

    /** Lets all that is due until then happen; {@return whether it got there, and was not stopped before} */
    boolean runTo(long untilNs, Stop stop) {
        while (size > 0 && when[0] <= untilNs) {
            int place = (int) orderAndPlace[0] & PLACE;
            nowNs = when[0];
            long heldNs = whose[place].heldUntilNs();
            if (heldNs > nowNs) {
                down(heldNs, asked++ << PLACE_BITS | place);
                continue;
            }
            Runnable event = take(place);
            size--;
            if (size > 0) {
                down(when[size], orderAndPlace[size]);
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

    @SuppressWarnings("NullAway") // a free place is not read
    private Runnable take(int place) {
        Runnable event = what[place];
        @Nullable Runnable nothing = null;
        @Nullable Held nobody = null;
        what[place] = nothing;
        whose[place] = nobody;
        freePlaces[free++] = place;
        return event;
    }

    private void up(int from, long atNs, long number) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 2;
            if (when[parent] <= atNs) {
                break; // the one asked for later goes below its equals
            }
            when[at] = when[parent];
            orderAndPlace[at] = orderAndPlace[parent];
            at = parent;
        }
        when[at] = atNs;
        orderAndPlace[at] = number;
    }

    /** Puts something in where the first was. */
    private void down(long atNs, long number) {
        int at = 0;
        while (true) {
            int first = 4 * at + 1;
            if (first >= size) {
                break;
            }
            int child = first;
            int end = Math.min(first + 4, size);
            for (int other = first + 1; other < end; other++) {
                if (before(when[other], orderAndPlace[other], when[child], orderAndPlace[child])) {
                    child = other;
                }
            }
            if (before(atNs, number, when[child], orderAndPlace[child])) {
                break;
            }
            when[at] = when[child];
            orderAndPlace[at] = orderAndPlace[child];
            at = child;
        }
        when[at] = atNs;
        orderAndPlace[at] = number;
    }

    private static boolean before(long aNs, long aOrder, long bNs, long bOrder) {
        return aNs < bNs || (aNs == bNs && aOrder < bOrder);
    }
}
