// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.search;

import dev.lockstep.sim.search.Search;
import dev.lockstep.sim.search.SearchResult;
import dev.lockstep.sim.search.SearchSettings;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Searches one row after the other, and prints a line for each. */
final class SearchPlanRun {
    /** What need not end gets so much of the time that is left. */
    private static final int SHARE = 4;

    private final PrintStream out;
    private final long endNs;

    SearchPlanRun(PrintStream out, long minutes) {
        this.out = out;
        endNs = System.nanoTime() + minutes * 60_000_000_000L;
    }

    /** {@return the exit status: 0 all that must end did and nothing is broken, 1 broken, 2 a row did not end} */
    int run(List<SearchPlan.Row> rows) {
        out.printf(
                Locale.ROOT,
                "%-9s %10s %12s %6s %8s %8s  %s%n",
                "",
                "states",
                "transitions",
                "depth",
                "seconds",
                "heap MiB",
                "searched");
        int status = 0;
        for (SearchPlan.Row row : rows) {
            int of = one(row);
            if (of == 1) {
                return 1;
            }
            status = of == 2 && row.mustEnd() ? 2 : status;
        }
        return status;
    }

    private int one(SearchPlan.Row row) {
        SearchSettings settings = row.settings();
        Heap.forgetPeak();
        long startedNs = System.nanoTime();
        long leftNs = endNs - startedNs;
        long mostNs = row.mustEnd() ? leftNs : leftNs / SHARE;
        SearchResult result;
        try {
            result = Search.run(settings, (states, waiting, depth) -> System.nanoTime() - startedNs < mostNs);
        } catch (OutOfMemoryError e) {
            out.printf(Locale.ROOT, "%-9s %58s  %s%n", "no memory", "", text(settings));
            return 2;
        }
        boolean broken = result.violation().isPresent();
        out.printf(
                Locale.ROOT,
                "%-9s %10d %12d %6d %8.1f %8d  %s%n",
                broken ? "broken" : result.complete() ? "complete" : "not ended",
                result.states(),
                result.transitions(),
                result.depth(),
                (System.nanoTime() - startedNs) / 1e9,
                Heap.peakMiB(),
                text(settings));
        result.violation().ifPresent(what -> {
            result.story().forEach(out::println);
            out.println("violated: " + what);
        });
        return broken ? 1 : result.complete() ? 0 : 2;
    }

    private static String text(SearchSettings settings) {
        return SearchArguments.text(settings);
    }
}
