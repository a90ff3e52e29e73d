// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import dev.lockstep.sim.storm.FaultKind;
import dev.lockstep.sim.storm.Pairs;
import dev.lockstep.sim.storm.Scenario;
import dev.lockstep.sim.storm.Shrink;
import dev.lockstep.sim.storm.Step;
import dev.lockstep.sim.storm.StormTrial;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs seeds of stormed cores until all are done or enough have failed. Prints each failing seed with what was
 * violated, how often each fault met each step of a lockspace, and seeds per second. Every hundredth seed is run twice
 * and must give the same hash.
 */
final class CoreCampaign {
    private static final int MOST_FAILURES = 10;
    private static final int REPLAY_EVERY = 100;
    private static final int RAREST = 10;
    private static final int PROGRESS_EVERY = 10_000;

    private final CampaignArguments arguments;
    private final PrintStream out;
    private final AtomicLong next;
    private final Pairs pairs = new Pairs();
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong owed = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final List<String> failures = new ArrayList<>();

    CoreCampaign(CampaignArguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        next = new AtomicLong(arguments.first());
    }

    /** {@return whether all is well} */
    boolean run() throws InterruptedException {
        if (arguments.story() || arguments.shrink()) {
            return tell();
        }
        long startedNs = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < arguments.threads(); i++) {
            Thread thread = new Thread(this::seeds, "core-campaign-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        summary((System.nanoTime() - startedNs) / 1e9);
        return failures.isEmpty();
    }

    private Scenario scenario(long seed) {
        return Scenario.of(seed, arguments.nodes(), arguments.length().toNanos());
    }

    private boolean tell() {
        Scenario scenario = scenario(arguments.first());
        if (arguments.shrink()) {
            StormTrial.Ending failed = StormTrial.run(scenario, false);
            if (failed.violations().isEmpty()) {
                out.println("seed " + arguments.first() + " does not fail");
                return true;
            }
            scenario = Shrink.of(failed);
        }
        StormTrial.Ending ending = StormTrial.run(scenario, true);
        ending.story().forEach(out::println);
        return ending.violations().isEmpty();
    }

    private void seeds() {
        long end = arguments.first() + arguments.seeds();
        for (long seed = next.getAndIncrement(); seed < end && !enough(); seed = next.getAndIncrement()) {
            StormTrial.Ending ending = StormTrial.run(scenario(seed), false);
            pairs.add(ending.pairs());
            faults.addAndGet(ending.faults());
            owed.addAndGet(ending.owed());
            long ended = done.incrementAndGet();
            if (ended % PROGRESS_EVERY == 0) {
                out.println(ended + " seeds so far");
            }
            if (!ending.violations().isEmpty()) {
                failed("seed " + seed + ": " + ending.violations().get(0));
            } else if (seed % REPLAY_EVERY == 0) {
                replayed.incrementAndGet();
                if (StormTrial.run(scenario(seed), false).hash() != ending.hash()) {
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
        out.printf(Locale.ROOT, "%-22s", "fault \\ step");
        for (Step step : Step.values()) {
            out.printf(Locale.ROOT, "%12s", step);
        }
        out.println();
        List<Map.Entry<String, Long>> met = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            out.printf(Locale.ROOT, "%-22s", kind);
            for (Step step : Step.values()) {
                long count = pairs.of(kind, step);
                out.printf(Locale.ROOT, "%12d", count);
                met.add(Map.entry(kind + " at " + step, count));
            }
            out.println();
        }
        double each = Math.max(1, done.get());
        met.sort(Map.Entry.comparingByValue());
        out.println("rarest pairs: " + met.subList(0, RAREST));
        out.printf(
                Locale.ROOT,
                "%d seeds from %d, %d nodes, %d s each, %.1f faults and %.2f lockspaces with debts a seed,"
                        + " %.1f seeds/s on %d threads, %d replayed, %d failed%n",
                done.get(),
                arguments.first(),
                arguments.nodes(),
                arguments.length().toSeconds(),
                faults.get() / each,
                owed.get() / each,
                done.get() / seconds,
                arguments.threads(),
                replayed.get(),
                failures.size());
        if (!failures.isEmpty()) {
            out.println("bench/campaign --core --shrink --first SEED tells a short story of it");
        }
    }
}
