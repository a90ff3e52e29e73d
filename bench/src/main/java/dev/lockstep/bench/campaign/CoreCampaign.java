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
 * Runs seeds of stormed cores, see {@link SeedRun}; prints how often each fault met each step of a lockspace, and seeds
 * per second.
 */
final class CoreCampaign {
    private static final int RAREST = 10;

    private final CampaignArguments arguments;
    private final PrintStream out;
    private final Pairs pairs = new Pairs();
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong owed = new AtomicLong();
    private final SeedRun seeds;

    CoreCampaign(CampaignArguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        seeds = new SeedRun(arguments, out, this::trial);
    }

    SeedRun seeds() {
        return seeds;
    }

    /** {@return whether all is well} */
    boolean run() throws InterruptedException {
        if (arguments.story() || arguments.shrink()) {
            return tell();
        }
        boolean well = seeds.run(
                this::table,
                done -> String.format(
                        Locale.ROOT,
                        "%.1f faults and %.2f lockspaces with debts",
                        faults.get() / (double) done,
                        owed.get() / (double) done));
        if (!well) {
            out.println("bench/campaign --core --shrink --first SEED tells a short story of it");
        }
        return well;
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

    private SeedRun.Ended trial(long seed) {
        StormTrial.Ending ending = StormTrial.run(scenario(seed), false);
        return new SeedRun.Ended(ending.violations().stream().findFirst(), ending.hash(), () -> {
            pairs.add(ending.pairs());
            faults.addAndGet(ending.faults());
            owed.addAndGet(ending.owed());
        });
    }

    private void table() {
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
        met.sort(Map.Entry.comparingByValue());
        out.println("rarest pairs: " + met.subList(0, RAREST));
    }
}
