// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import dev.lockstep.sim.cluster.Coverage;
import dev.lockstep.sim.cluster.FaultKind;
import dev.lockstep.sim.cluster.SimSettings;
import dev.lockstep.sim.cluster.Trial;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs seeds of the simulated cluster, production core and shell, until all are done or enough have failed. Prints each
 * failing seed with what was violated, how often each fault met each phase, and seeds per second. Every hundredth seed
 * is run twice and must give the same hash.
 *
 * <p>Exit status: 0 all well, 1 a seed failed or did not replay, 64 wrong arguments.
 */
public final class Campaign {
    private static final int MOST_FAILURES = 10;
    private static final int REPLAY_EVERY = 100;

    private final CampaignArguments arguments;
    private final PrintStream out;
    private final SimSettings settings;
    private final AtomicLong next;
    private final Coverage coverage = new Coverage();
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final List<String> failures = new ArrayList<>();

    private Campaign(CampaignArguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        settings = SimSettings.ofNodes(arguments.nodes());
        next = new AtomicLong(arguments.first());
    }

    /** The command. */
    public static void main(String[] args) throws InterruptedException {
        CampaignArguments arguments;
        try {
            arguments = CampaignArguments.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("campaign: " + e.getMessage());
            System.err.println(CampaignArguments.USAGE);
            System.exit(64);
            return;
        }
        boolean well = arguments.core()
                ? new CoreCampaign(arguments, System.out).run()
                : new Campaign(arguments, System.out).run();
        System.exit(well ? 0 : 1);
    }

    private boolean run() throws InterruptedException {
        if (arguments.story()) {
            Trial.Ending ending = Trial.run(settings, arguments.first(), arguments.length(), true);
            ending.story().forEach(out::println);
            return ending.violations().isEmpty();
        }
        long startedNs = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < arguments.threads(); i++) {
            Thread thread = new Thread(this::seeds, "campaign-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        summary((System.nanoTime() - startedNs) / 1e9);
        return failures.isEmpty();
    }

    private void seeds() {
        long end = arguments.first() + arguments.seeds();
        for (long seed = next.getAndIncrement(); seed < end && !enough(); seed = next.getAndIncrement()) {
            Trial.Ending ending = Trial.run(settings, seed, arguments.length(), false);
            coverage.add(ending.coverage());
            faults.addAndGet(ending.faults());
            done.incrementAndGet();
            if (!ending.violations().isEmpty()) {
                failed("seed " + seed + ": " + ending.violations().get(0));
            } else if (seed % REPLAY_EVERY == 0) {
                replayed.incrementAndGet();
                if (Trial.run(settings, seed, arguments.length(), false).hash() != ending.hash()) {
                    failed("seed " + seed + ": does not replay");
                }
            }
        }
    }

    private boolean enough() {
        synchronized (failures) {
            return failures.size() >= MOST_FAILURES;
        }
    }

    private void failed(String what) {
        synchronized (failures) {
            failures.add(what);
            out.println(what);
        }
    }

    private void summary(double seconds) {
        out.printf(Locale.ROOT, "%-20s", "fault \\ phase");
        for (Coverage.At at : Coverage.At.values()) {
            out.printf(Locale.ROOT, "%12s", at);
        }
        out.println();
        for (FaultKind kind : FaultKind.values()) {
            out.printf(Locale.ROOT, "%-20s", kind);
            for (Coverage.At at : Coverage.At.values()) {
                out.printf(Locale.ROOT, "%12d", coverage.of(kind, at));
            }
            out.println();
        }
        out.printf(
                Locale.ROOT,
                "%d seeds from %d, %d nodes, %d s each, %.1f faults a seed, %.1f seeds/s on %d threads, %d replayed,"
                        + " %d failed%n",
                done.get(),
                arguments.first(),
                arguments.nodes(),
                arguments.length().toSeconds(),
                faults.get() / (double) Math.max(1, done.get()),
                done.get() / seconds,
                arguments.threads(),
                replayed.get(),
                failures.size());
        if (!failures.isEmpty()) {
            out.println("bench/campaign --story --first SEED tells what happened");
        }
    }
}
