// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Runs seeds, several at a time, until all are done, enough have failed or somebody asks for its end. Prints each
 * failing seed with what was violated as it fails, and how far it is. Every hundredth seed is run twice and must give
 * the same hash.
 */
final class SeedRun {
    private static final int MOST_FAILURES = 10;
    private static final int REPLAY_EVERY = 100;
    private static final int PROGRESS_EVERY = 10_000;

    private final CampaignArguments arguments;
    private final PrintStream out;
    private final LongFunction<Ended> trial;
    private final AtomicLong next;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean over;

    /**
     * One seed is done.
     *
     * @param violated what went wrong first, if anything did
     * @param hash of all that happened
     * @param count adds what it met to what all met; left alone where a seed is run a second time
     */
    record Ended(Optional<String> violated, long hash, Runnable count) {}

    /**
     * @param trial runs one seed; on any of the threads
     */
    SeedRun(CampaignArguments arguments, PrintStream out, LongFunction<Ended> trial) {
        this.arguments = arguments;
        this.out = out;
        this.trial = trial;
        next = new AtomicLong(arguments.first());
    }

    /**
     * Runs them, and after them {@code table}, which tells what they met.
     *
     * @param each tells what an average one met, given how many there were
     * @return whether none failed
     */
    boolean run(Runnable table, LongFunction<String> each) throws InterruptedException {
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
        double seconds = (System.nanoTime() - startedNs) / 1e9;
        table.run();
        out.printf(
                Locale.ROOT,
                "%d seeds from %d, %d nodes, %d s each, %s a seed, %.1f seeds/s on %d threads, %d replayed,"
                        + " %d failed%n",
                done.get(),
                arguments.first(),
                arguments.nodes(),
                arguments.length().toSeconds(),
                each.apply(Math.max(1, done.get())),
                done.get() / seconds,
                arguments.threads(),
                replayed.get(),
                failed.get());
        return failed.get() == 0;
    }

    /** Lets no other seed begin; those under way go on to their end. From any thread. */
    void end() {
        over = true;
    }

    private void seeds() {
        long end = arguments.first() + arguments.seeds();
        while (!over && failed.get() < MOST_FAILURES) {
            long seed = next.getAndIncrement();
            if (seed >= end) {
                return;
            }
            try {
                seed(seed);
            } catch (RuntimeException | Error e) { // or its thread would end without a word, and all look well
                failed("seed " + seed + ": throws " + e);
            }
        }
    }

    private void seed(long seed) {
        Ended ended = trial.apply(seed);
        ended.count().run();
        long seeds = done.incrementAndGet();
        if (seeds % PROGRESS_EVERY == 0) {
            out.println(seeds + " seeds so far");
        }
        if (ended.violated().isPresent()) {
            failed("seed " + seed + ": " + ended.violated().get());
        } else if (seed % REPLAY_EVERY == 0) {
            replayed.incrementAndGet();
            if (trial.apply(seed).hash() != ended.hash()) {
                failed("seed " + seed + ": does not replay");
            }
        }
    }

    private void failed(String what) {
        failed.incrementAndGet();
        out.println(what);
    }
}
