// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Meets every cluster that the production core can get into, breadth first, so that what does not hold is told by the
 * shortest way to it. See the package's description for what a step is and what is left out, and why. One thread.
 */
public final class Search {

    /** Hears now and then how far the search is. */
    public interface Progress {
        /**
         * {@return whether to go on}
         *
         * @param states distinct clusters met
         * @param waiting of those, not yet looked into
         * @param depth how many steps away
         */
        boolean at(long states, long waiting, int depth);
    }

    private static final int PROGRESS_EVERY = 1 << 16;

    private final SearchSettings settings;
    private final Moves moves;
    private final WorldTable worlds;
    private final Quiet quiet;
    private final Rest rest;
    private long transitions;
    private int depth;
    private Optional<String> violation = Optional.empty();
    private List<String> story = List.of();

    private Search(SearchSettings settings) {
        this.settings = settings;
        moves = new Moves(settings);
        worlds = new WorldTable(moves.cluster, moves.parts);
        quiet = new Quiet(moves.cluster);
        rest = new Rest(moves);
    }

    /** {@return what was found; ends at the first violation} */
    public static SearchResult run(SearchSettings settings, Progress progress) {
        return new Search(settings).run(progress);
    }

    /** For other class loaders: {@return what does not hold, empty if all does} */
    public static String violationOf(
            int nodes, int regions, int lockspaces, Map<String, Integer> budgets, List<String> reductions, long most) {
        Map<Fault, Integer> parsed = new EnumMap<>(Fault.class);
        budgets.forEach((name, budget) -> parsed.put(Fault.valueOf(name), budget));
        Set<Reduction> reduced = EnumSet.noneOf(Reduction.class);
        reductions.forEach(name -> reduced.add(Reduction.valueOf(name)));
        SearchSettings settings = new SearchSettings(nodes, regions, lockspaces, parsed, reduced, most);
        SearchResult result = run(settings, (states, waiting, depth) -> true);
        return result.violation().orElse(result.complete() ? "" : "not complete");
    }

    private SearchResult run(Progress progress) {
        worlds.add(moves.first(), -1);
        int levelEnds = 1;
        int at = 0;
        boolean goesOn = true;
        for (; at < worlds.size() && goesOn && violation.isEmpty(); at++) {
            if (at == levelEnds) {
                depth++;
                levelEnds = worlds.size();
            }
            if (at % PROGRESS_EVERY == PROGRESS_EVERY - 1) {
                goesOn = progress.at(worlds.size(), worlds.size() - at, depth);
            }
            expand(at);
            goesOn &= worlds.size() <= settings.mostStates();
        }
        boolean complete = at == worlds.size() && violation.isEmpty();
        if (!complete && violation.isEmpty()) {
            story = new Story(moves, worlds).to(at - 1); // if they grow for ever, this shows how
        }
        return new SearchResult(
                complete,
                worlds.size(),
                transitions,
                depth,
                moves.machines.size(),
                moves.machines.steps(),
                moves.contents.size(),
                quiet.met(),
                quiet.waits(),
                violation,
                story);
    }

    private void expand(int at) {
        int[] world = worlds.get(at);
        boolean[] moving = new boolean[1];
        moves.from(world, (node, event, next, wrong) -> {
            if (wrong.isPresent()) {
                found(at, wrong.get(), new Story(moves, worlds).text(node, event, next));
                return;
            }
            transitions++;
            worlds.add(next, at);
            moving[0] |= !Rest.looks(event) && !rest.mayFail(event, world, next);
        });
        if (!moving[0] && violation.isEmpty() && rest.isReached(world)) {
            judge(at, world);
        }
    }

    private void judge(int at, int[] world) {
        List<Machine> machines = new ArrayList<>();
        boolean readable = true;
        for (int n = 0; n < settings.nodes(); n++) {
            machines.add(moves.machine(world, n));
            for (int r = 0; r < settings.regions(); r++) {
                int content = moves.words.block(world, r, n);
                readable &= content == Contents.VACANT || Contents.isReport(content);
            }
        }
        quiet.judge(machines, readable)
                .ifPresent(wrong -> found(at, wrong, "and nothing is left to happen but faults"));
    }

    private void found(int at, String what, String last) {
        if (violation.isPresent()) {
            return;
        }
        violation = Optional.of(what);
        List<String> lines = new ArrayList<>(new Story(moves, worlds).to(at));
        lines.add((lines.size() + 1) + ". " + last);
        story = lines;
    }
}
