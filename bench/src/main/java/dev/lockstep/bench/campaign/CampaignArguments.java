// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import dev.lockstep.bench.arguments.WholeNumber;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/**
 * What to run.
 *
 * @param first the first seed
 * @param seeds how many
 * @param threads on how many threads
 * @param nodes how many nodes a cluster has
 * @param length how long faults strike, in virtual time
 * @param story whether to tell the first seed's story instead
 * @param core whether to run bare cores instead of whole agents
 * @param shrink whether to make the first seed's story short, and tell it
 */
record CampaignArguments(
        long first, long seeds, int threads, int nodes, Duration length, boolean story, boolean core, boolean shrink) {
    static final String USAGE =
            "usage: campaign [--core] [--first SEED] [--seeds N] [--threads N] [--nodes N] [--seconds N]"
                    + " [--story] [--shrink]; --story and --shrink are of the seed that --first says";

    private static final int MOST_NODES = 32;
    private static final long NOT_SAID = -1;

    static CampaignArguments parse(List<String> args) {
        long first = NOT_SAID;
        long seeds = 100;
        long threads = Runtime.getRuntime().availableProcessors();
        long nodes = 5;
        long seconds = 600;
        boolean story = false;
        boolean core = false;
        boolean shrink = false;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String key = rest.next();
            switch (key) {
                case "--first" -> first = WholeNumber.parse(key, rest, 0, Long.MAX_VALUE / 2);
                case "--seeds" -> seeds = WholeNumber.parse(key, rest, 1, 1_000_000_000);
                case "--threads" -> threads = WholeNumber.parse(key, rest, 1, 256);
                case "--nodes" -> nodes = WholeNumber.parse(key, rest, 2, MOST_NODES);
                case "--seconds" -> seconds = WholeNumber.parse(key, rest, 1, 86_400);
                case "--story" -> story = true;
                case "--core" -> core = true;
                case "--shrink" -> shrink = true;
                default -> throw new IllegalArgumentException("unknown argument " + key);
            }
        }
        if (shrink && !core) {
            throw new IllegalArgumentException("--shrink needs --core: only its faults are drawn before the run");
        }
        if (first == NOT_SAID && (story || shrink)) {
            throw new IllegalArgumentException((shrink ? "--shrink" : "--story") + " needs --first SEED");
        }
        return new CampaignArguments(
                Math.max(first, 0),
                seeds,
                (int) threads,
                (int) nodes,
                Duration.ofSeconds(seconds),
                story,
                core,
                shrink);
    }
}
