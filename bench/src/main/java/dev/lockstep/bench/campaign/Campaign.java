// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import dev.lockstep.sim.cluster.Coverage;
import dev.lockstep.sim.cluster.FaultKind;
import dev.lockstep.sim.cluster.SimSettings;
import dev.lockstep.sim.cluster.Trial;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs seeds of the simulated cluster, production core and shell, see {@link SeedRun}; prints how often each fault met
 * each phase, and seeds per second.
 *
 * <p>Exit status: 0 all well, 1 a seed failed or did not replay, 64 wrong arguments. Asked to end (SIGINT, SIGTERM), it
 * prints what it has once the seeds under way are done.
 */
public final class Campaign {
    private final CampaignArguments arguments;
    private final PrintStream out;
    private final SimSettings settings;
    private final Coverage coverage = new Coverage();
    private final AtomicLong faults = new AtomicLong();
    private final SeedRun seeds;

    private Campaign(CampaignArguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        settings = SimSettings.ofNodes(arguments.nodes());
        seeds = new SeedRun(arguments, out, this::trial);
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
        CountDownLatch told = new CountDownLatch(1);
        boolean well = false;
        try {
            if (arguments.core()) {
                CoreCampaign campaign = new CoreCampaign(arguments, System.out);
                toldBeforeTheEnd(campaign.seeds(), told);
                well = campaign.run();
            } else {
                Campaign campaign = new Campaign(arguments, System.out);
                toldBeforeTheEnd(campaign.seeds, told);
                well = campaign.run();
            }
        } finally {
            told.countDown();
        }
        System.exit(well ? 0 : 1);
    }

    /** What is asked to end tells first what it has. */
    private static void toldBeforeTheEnd(SeedRun seeds, CountDownLatch told) {
        Thread end = new Thread(
                () -> {
                    seeds.end();
                    try {
                        told.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "campaign-end");
        Runtime.getRuntime().addShutdownHook(end);
    }

    private boolean run() throws InterruptedException {
        if (arguments.story()) {
            Trial.Ending ending = Trial.run(settings, arguments.first(), arguments.length(), true);
            ending.story().forEach(out::println);
            return ending.violations().isEmpty();
        }
        boolean well =
                seeds.run(this::table, done -> String.format(Locale.ROOT, "%.1f faults", faults.get() / (double) done));
        if (!well) {
            out.println("bench/campaign --story --first SEED tells what happened");
        }
        return well;
    }

    private SeedRun.Ended trial(long seed) {
        Trial.Ending ending = Trial.run(settings, seed, arguments.length(), false);
        return new SeedRun.Ended(ending.violations().stream().findFirst(), ending.hash(), () -> {
            coverage.add(ending.coverage());
            faults.addAndGet(ending.faults());
        });
    }

    private void table() {
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
    }
}
