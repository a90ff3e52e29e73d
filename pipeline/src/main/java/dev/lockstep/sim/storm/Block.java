// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import org.jspecify.annotations.Nullable;

/** One node's block on a simulated board: two copies, of which the newest whole one is read. */
final class Block {
    private static final BlockReading VACANT = new BlockReading.Vacant();
    private static final BlockReading WIPED = new BlockReading.Vacant();
    private static final BlockReading UNREADABLE = new BlockReading.Bad("wiped");
    private static final BlockReading TORN = new BlockReading.Bad("torn");

    private final BlockReading[] copies = {VACANT, VACANT};
    private BlockReading now = VACANT;
    private BlockReading before = VACANT;
    private long changedNs = Long.MIN_VALUE;
    private long newestSeq;
    private @Nullable BootId newestLife;

    BlockReading now() {
        return now;
    }

    /** {@return what a reading of this block at that moment, a little ago, would have told} */
    BlockReading at(long momentNs) {
        return momentNs < changedNs ? before : now;
    }

    /** {@return whether it no longer tells what was last written to it} */
    boolean isDamaged() {
        return seq(now) < newestSeq;
    }

    /** {@return whether a life is the last that reported here, be it still to be read or not} */
    boolean isLastOf(BootId life) {
        return life.equals(newestLife);
    }

    /** Writes the copy that is not the newest whole one. */
    void write(Report report, long nowNs) {
        if (report.seq() >= newestSeq) {
            newestSeq = report.seq();
            newestLife = report.boot();
        }
        set(older(), new BlockReading.Good(report), nowNs);
    }

    /** A write ends half-way. */
    void tear(long nowNs) {
        set(older(), TORN, nowNs);
    }

    /** Something writes garbage over one copy or, with copy 2, over both. */
    void garble(int copy, long nowNs) {
        if (newestSeq == 0) {
            return; // a board nobody reported on has to be formatted anew, by hand
        }
        for (int each = 0; each < 2; each++) {
            if (copy == 2 || copy == each) {
                set(each, TORN, nowNs);
            }
        }
    }

    /** As formatting leaves it, under those who use it. */
    void wipe(long nowNs) {
        if (newestSeq == 0) {
            return; // nobody ever reported there
        }
        set(0, WIPED, nowNs);
        set(1, WIPED, nowNs);
    }

    /** As formatting leaves it, when nobody uses it and all know. */
    void format(long nowNs) {
        newestSeq = 0;
        newestLife = null;
        set(0, VACANT, nowNs);
        set(1, VACANT, nowNs);
    }

    /**
     * {@return what a reader sees in place of a wiped block: newcomers that have never read a report there cannot know
     *     that there was one, unless they see its writer beat, and no rule covers them; until its writer has written
     *     again, and can be seen to beat meanwhile, it is to them as unreadable as any other damage}
     */
    @SuppressWarnings("ReferenceEquality") // wiped, and not vacant from the beginning
    static BlockReading seen(BlockReading reading, boolean knowsBetter) {
        return reading == WIPED && !knowsBetter ? UNREADABLE : reading;
    }

    private int older() {
        return seq(copies[0]) <= seq(copies[1]) ? 0 : 1;
    }

    private static long seq(BlockReading copy) {
        if (copy instanceof BlockReading.Good good) {
            return good.report().seq();
        }
        return copy instanceof BlockReading.Vacant ? 0 : -1;
    }

    private void set(int copy, BlockReading says, long nowNs) {
        copies[copy] = says;
        BlockReading next = copies[1 - older()];
        if (nowNs != changedNs) {
            before = now;
        }
        now = next;
        changedNs = nowNs;
    }
}
