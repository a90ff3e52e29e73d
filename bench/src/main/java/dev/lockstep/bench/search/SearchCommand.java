// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.search;

import dev.lockstep.sim.search.Search;
import dev.lockstep.sim.search.SearchResult;
import dev.lockstep.sim.search.SearchSettings;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Searches, and prints how much was met, what was left out, and the shortest way to what does not hold.
 *
 * <p>Exit status: 0 all met and nothing broken, 1 a property is broken, 2 not all was met, 64 wrong arguments. With
 * {@code --all} a fixed list of searches, of which only some have to meet all.
 */
public final class SearchCommand {
    private static final long PROGRESS_EVERY = 2_000_000;

    private SearchCommand() {}

    /** The command. */
    public static void main(String[] args) {
        SearchSettings settings;
        try {
            if (args.length > 0 && args[0].equals("--all")) {
                long minutes = SearchArguments.minutes(List.of(args).subList(1, args.length));
                System.exit(new SearchPlanRun(System.out, minutes).run(SearchPlan.rows()));
            }
            settings = SearchArguments.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("search: " + e.getMessage());
            System.err.println(SearchArguments.USAGE);
            System.exit(64);
            return;
        }
        System.exit(run(settings, System.out));
    }

    private static int run(SearchSettings settings, PrintStream out) {
        long startedNs = System.nanoTime();
        out.printf(
                Locale.ROOT,
                "%d nodes, %d regions, %d lockspaces, faults %s, reductions %s%n",
                settings.nodes(),
                settings.regions(),
                settings.lockspaces(),
                settings.budgets(),
                settings.reductions());
        long[] told = new long[1];
        SearchResult result = Search.run(settings, (states, waiting, depth) -> {
            if (states / PROGRESS_EVERY > told[0]) {
                told[0] = states / PROGRESS_EVERY;
                out.printf(
                        Locale.ROOT,
                        "  %d states so far, %d to look into, depth %d, %d s%n",
                        states,
                        waiting,
                        depth,
                        (System.nanoTime() - startedNs) / 1_000_000_000L);
            }
            return true;
        });
        result.story().forEach(out::println);
        result.violation().ifPresent(what -> out.println("violated: " + what));
        out.printf(
                Locale.ROOT,
                "%s: %d states, %d transitions, depth %d; %d machines, the core run %d times, %d block contents; %d"
                        + " quiet states, waits in them %s; %.1f s, at most %d MiB of heap%n",
                ending(result),
                result.states(),
                result.transitions(),
                result.depth(),
                result.machines(),
                result.coreRuns(),
                result.contents(),
                result.quiet(),
                result.waits(),
                (System.nanoTime() - startedNs) / 1e9,
                Heap.peakMiB());
        return result.violation().isPresent() ? 1 : result.complete() ? 0 : 2;
    }

    private static String ending(SearchResult result) {
        if (result.violation().isPresent()) {
            return "broken";
        }
        return result.complete() ? "complete, nothing broken" : "not complete, nothing broken so far";
    }
}
