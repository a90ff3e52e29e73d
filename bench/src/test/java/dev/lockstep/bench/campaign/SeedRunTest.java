// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class SeedRunTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Long> counted = new ArrayList<>();

    @Test
    void everyHundredthSeedIsRunTwiceAndCountedOnce() throws InterruptedException {
        AtomicLong runs = new AtomicLong();
        SeedRun run = run(300, seed -> {
            runs.incrementAndGet();
            return ended(seed, "");
        });
        assertThat(run.run(() -> {}, done -> done + " done")).isTrue();
        assertThat(runs).hasValue(303);
        assertThat(counted).hasSize(300);
        assertThat(told()).contains("300 seeds from 0, 5 nodes, 600 s each, 300 done a seed", "3 replayed, 0 failed");
    }

    @Test
    void whatDoesNotReplayFails() throws InterruptedException {
        AtomicLong hash = new AtomicLong();
        SeedRun run = run(1, seed -> new SeedRun.Ended(Optional.empty(), hash.incrementAndGet(), () -> {}));
        assertThat(run.run(() -> {}, done -> "")).isFalse();
        assertThat(told()).contains("seed 0: does not replay", "1 failed");
    }

    @Test
    void whatThrowsFailsAndTheOthersGoOn() throws InterruptedException {
        SeedRun run = run(5, seed -> {
            if (seed == 2) {
                throw new IllegalStateException("two");
            }
            if (seed == 3) {
                throw new StackOverflowError("three");
            }
            return ended(seed, "");
        });
        assertThat(run.run(() -> {}, done -> "")).isFalse();
        assertThat(told())
                .contains("seed 2: throws java.lang.IllegalStateException: two")
                .contains("seed 3: throws java.lang.StackOverflowError: three", "3 seeds from 0", "2 failed");
    }

    @Test
    void tenFailuresAreEnough() throws InterruptedException {
        SeedRun run = run(1000, seed -> ended(seed, "P1"));
        assertThat(run.run(() -> {}, done -> "")).isFalse();
        assertThat(counted).hasSize(10);
        assertThat(told()).contains("seed 9: P1").doesNotContain("seed 10: P1");
    }

    @Test
    void whatIsAskedToEndTellsWhatItHas() throws InterruptedException {
        List<SeedRun> self = new ArrayList<>();
        SeedRun run = run(1000, seed -> {
            if (seed == 20) {
                self.get(0).end();
            }
            return ended(seed, "");
        });
        self.add(run);
        List<String> tables = new ArrayList<>();
        assertThat(run.run(() -> tables.add("table"), done -> "")).isTrue();
        assertThat(tables).containsExactly("table");
        assertThat(told()).contains("21 seeds from 0");
    }

    private SeedRun run(long seeds, LongFunction<SeedRun.Ended> trial) {
        CampaignArguments arguments =
                CampaignArguments.parse(List.of("--seeds", Long.toString(seeds), "--threads", "1"));
        return new SeedRun(arguments, new PrintStream(printed, true, StandardCharsets.UTF_8), trial);
    }

    private SeedRun.Ended ended(long seed, String violated) {
        Optional<String> what = violated.isEmpty() ? Optional.empty() : Optional.of(violated);
        return new SeedRun.Ended(what, seed, () -> counted.add(seed));
    }

    private String told() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
