// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.ViewDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the judge remembers of a run, numbered: sets of facts that are only added to. A fact is a word: its kind, a
 * lockspace, and either a machine's boot or an epoch with its view.
 */
@SuppressWarnings("EnumOrdinal") // numbers for one search, kept nowhere
final class History {

    /** Kinds of facts. */
    enum Fact {
        /** The lockspace was started under the epoch with the view. */
        STARTED,
        /** That boot was counted as silent while it beat. */
        FALSELY_SILENT,
        /** That boot ended while it may have held locks of the lockspace. */
        DIED_HOLDING,
        /** Somebody holds a proof of that boot's death. */
        PROVEN_DEAD,
        /** A lockspace was started without that boot on a proof of its death. */
        OUTCAST
    }

    static final int NONE = 0;

    private final List<long[]> sets = new ArrayList<>();
    private final Map<List<Long>, Integer> numbers = new HashMap<>();
    private final Map<ViewDigest, Integer> views = new HashMap<>();

    private final Cluster cluster;
    private final Shapes shapes;
    private final List<ViewDigest> digests = new ArrayList<>();

    History(Cluster cluster) {
        this.cluster = cluster;
        shapes = new Shapes(cluster);
        number(new long[0]);
    }

    /** {@return what stands for the set where nodes are called otherwise} */
    int shape(int set, int renaming) {
        return shapes.get(set, renaming);
    }

    private int shape(long[] facts, Renaming names) {
        List<Fingerprint> renamed = new ArrayList<>();
        for (long fact : facts) {
            Fingerprint.Mixer out = new Fingerprint.Mixer();
            if (fact >>> 56 == Fact.STARTED.ordinal()) {
                out.put(fact >>> 16);
                Fingerprint view = Canon.of(cluster, names, cluster.view(digests.get((int) fact & 0xffff)));
                out.put(view.high());
                out.put(view.low());
            } else {
                out.put(fact >>> 48);
                out.put(names.of((int) (fact >>> 16) & 0xffff));
                out.put(fact & 0xffff);
            }
            renamed.add(out.done());
        }
        renamed.sort(Comparator.comparingLong(Fingerprint::high));
        Fingerprint.Mixer all = new Fingerprint.Mixer();
        for (Fingerprint fact : renamed) {
            all.put(fact.high());
            all.put(fact.low());
        }
        return shapes.of(all.done());
    }

    /** {@return the set without starts under epochs that can never be used again} */
    int withoutEpochsBelow(int set, int lockspace, long epoch) {
        long[] kept = Arrays.stream(sets.get(set))
                .filter(f -> f >>> 48 != lockspace || ((f >>> 16) & 0xffffffffL) >= epoch)
                .toArray();
        return kept.length == sets.get(set).length ? set : number(kept);
    }

    /** {@return the set without what was of interest only while an earlier boot of the node was the last} */
    int rebooted(int set, int node, int boots) {
        long[] kept = Arrays.stream(sets.get(set))
                .filter(f -> !isOfBoot(f, node, boots))
                .toArray();
        return number(kept);
    }

    private static boolean isOfBoot(long fact, int node, int boots) {
        int kind = (int) (fact >>> 56);
        return (kind == Fact.FALSELY_SILENT.ordinal() || kind == Fact.PROVEN_DEAD.ordinal())
                && ((fact >>> 16) & 0xffff) == node
                && (fact & 0xffff) < boots;
    }

    static long ofBoot(Fact fact, int lockspace, int node, int boots) {
        return ((long) fact.ordinal() << 56) | ((long) lockspace << 48) | ((long) node << 16) | boots;
    }

    private static long ofEpoch(int lockspace, Epoch epoch) {
        return ((long) Fact.STARTED.ordinal() << 56) | ((long) lockspace << 48) | (epoch.value() << 16);
    }

    boolean has(int set, long fact) {
        return Arrays.binarySearch(sets.get(set), fact) >= 0;
    }

    /** {@return the set with the fact} */
    int with(int set, long fact) {
        long[] old = sets.get(set);
        int at = Arrays.binarySearch(old, fact);
        if (at >= 0) {
            return set;
        }
        long[] more = Arrays.copyOf(old, old.length + 1);
        more[old.length] = fact;
        Arrays.sort(more);
        return number(more);
    }

    /**
     * {@return the set with the start, empty if the epoch was started with another view before}
     *
     * @param isForgotten tells views that nobody can know of any more
     */
    Optional<Integer> started(
            int set, int lockspace, Epoch epoch, ViewDigest digest, Predicate<ViewDigest> isForgotten) {
        long base = ofEpoch(lockspace, epoch);
        long fact = base
                | views.computeIfAbsent(digest, d -> {
                    digests.add(d);
                    return digests.size() - 1;
                });
        long[] kept = Arrays.stream(sets.get(set))
                .filter(old -> !isOtherStart(old, fact) || !isForgotten.test(digests.get((int) (old & 0xffff))))
                .toArray();
        return Arrays.stream(kept).anyMatch(old -> isOtherStart(old, fact))
                ? Optional.empty()
                : Optional.of(with(kept.length == sets.get(set).length ? set : number(kept), fact));
    }

    private static boolean isOtherStart(long old, long fact) {
        return old != fact && (old & ~0xffffL) == (fact & ~0xffffL);
    }

    private int number(long[] facts) {
        List<Long> key = new ArrayList<>();
        for (long fact : facts) {
            key.add(fact);
        }
        return numbers.computeIfAbsent(key, k -> {
            sets.add(facts);
            shapes.add(cluster.renamings.stream()
                    .mapToInt(names -> shape(facts, names))
                    .toArray());
            return sets.size() - 1;
        });
    }
}
