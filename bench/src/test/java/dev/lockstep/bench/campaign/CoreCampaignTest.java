// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoreCampaignTest {

    @Test
    void aSmallCampaignEndsWellAndCountsWhatItDid() throws InterruptedException {
        String printed = printed(true, "--first", "200", "--seeds", "3", "--threads", "2", "--seconds", "40");
        assertThat(printed).contains("3 seeds from 200, 5 nodes, 40 s each", "1 replayed, 0 failed", "rarest pairs: ");
    }

    @Test
    void aStoryHasOneEventInEachLine() throws InterruptedException {
        List<String> lines = printed(true, "--story", "--first", "1", "--seconds", "20")
                .lines()
                .toList();
        assertThat(lines).hasSizeGreaterThan(100).allMatch(line -> line.startsWith("{\"ms\":") && line.endsWith("\"}"));
    }

    private static String printed(boolean well, String... more) throws InterruptedException {
        List<String> args = new ArrayList<>(List.of("--core"));
        args.addAll(List.of(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            assertThat(new CoreCampaign(CampaignArguments.parse(args), print).run())
                    .isEqualTo(well);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
