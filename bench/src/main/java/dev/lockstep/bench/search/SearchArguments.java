// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.search;

import dev.lockstep.bench.arguments.WholeNumber;
import dev.lockstep.sim.search.Fault;
import dev.lockstep.sim.search.Reduction;
import dev.lockstep.sim.search.SearchSettings;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What to search. */
final class SearchArguments {
    static final String USAGE = "usage: search [--nodes 1|2|3] [--regions 1|2] [--lockspaces 1|2] [--crashes N]"
            + " [--reboots N] [--agent-restarts N] [--region-restarts N] [--left N] [--leaves N] [--false-verdicts N]"
            + " [--pauses N] [--torn N] [--wiped N] [--garbled N] [--lost-uevents N] [--slow-readings N]"
            + " [--reduce NAME,...] [--max-states N]; a budget is 0 to 14, or 15 for as often as there is occasion\n"
            + "       search --all [--minutes N]";
    private static final long MINUTES = 60;

    private SearchArguments() {}

    static SearchSettings parse(List<String> args) {
        Map<Fault, Integer> budgets = new EnumMap<>(Fault.class);
        Set<Reduction> reductions = EnumSet.noneOf(Reduction.class);
        int nodes = 2;
        int regions = 1;
        int lockspaces = 1;
        long most = Integer.MAX_VALUE;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String key = rest.next();
            switch (key) {
                case "--nodes" -> nodes = (int) WholeNumber.parse(key, rest, 1, 3);
                case "--regions" -> regions = (int) WholeNumber.parse(key, rest, 1, 2);
                case "--lockspaces" -> lockspaces = (int) WholeNumber.parse(key, rest, 1, 2);
                case "--max-states" -> most = WholeNumber.parse(key, rest, 1, Integer.MAX_VALUE);
                case "--reduce" ->
                    Arrays.stream(value(key, rest).split(",")).forEach(name -> reductions.add(reduction(name)));
                default -> budgets.put(fault(key), (int) WholeNumber.parse(key, rest, 0, Fault.UNLIMITED));
            }
        }
        return new SearchSettings(nodes, regions, lockspaces, budgets, reductions, most);
    }

    /** {@return how long all searches together may take} */
    static long minutes(List<String> args) {
        Iterator<String> rest = args.iterator();
        long minutes = MINUTES;
        while (rest.hasNext()) {
            String key = rest.next();
            if (!key.equals("--minutes")) {
                throw new IllegalArgumentException("unknown argument " + key + " beside --all");
            }
            minutes = WholeNumber.parse(key, rest, 1, Integer.MAX_VALUE);
        }
        return minutes;
    }

    /** {@return the arguments that search the same} */
    static String text(SearchSettings settings) {
        StringBuilder text = new StringBuilder("--nodes " + settings.nodes());
        if (settings.regions() > 1) {
            text.append(" --regions ").append(settings.regions());
        }
        if (settings.lockspaces() > 1) {
            text.append(" --lockspaces ").append(settings.lockspaces());
        }
        settings.budgets().forEach((fault, budget) -> {
            if (budget > 0) {
                text.append(' ').append(key(fault)).append(' ').append(budget);
            }
        });
        if (!settings.reductions().isEmpty()) {
            text.append(" --reduce ")
                    .append(settings.reductions().stream()
                            .sorted()
                            .map(SearchArguments::name)
                            .collect(Collectors.joining(",")));
        }
        return text.toString();
    }

    private static String name(Reduction reduction) {
        return reduction.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return how a fault's budget is called: crashes for CRASH, but left, torn, wiped and garbled as they are} */
    static String key(Fault fault) {
        String name = fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return "--"
                + switch (fault) {
                    case CRASH -> "crashes";
                    case LEFT, TORN, WIPED, GARBLED -> name;
                    default -> name + "s";
                };
    }

    private static Fault fault(String key) {
        return Arrays.stream(Fault.values())
                .filter(f -> key(f).equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown argument " + key));
    }

    private static Reduction reduction(String name) {
        return Arrays.stream(Reduction.values())
                .filter(r -> name(r).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--reduce " + name + " is none of "
                        + Arrays.stream(Reduction.values())
                                .map(SearchArguments::name)
                                .toList()));
    }

    private static String value(String key, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(key + " needs a value");
        }
        return rest.next();
    }
}
