// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignArgumentsTest {

    @Test
    void everyArgumentIsTaken() {
        List<String> args =
                List.of("--first", "7", "--seeds", "3", "--threads", "1", "--nodes", "4", "--seconds", "60", "--story");
        assertThat(CampaignArguments.parse(args))
                .isEqualTo(new CampaignArguments(7, 3, 1, 4, Duration.ofSeconds(60), true, false, false));
    }

    @Test
    void onlyFaultsThatAreDrawnBeforeTheRunCanBeLeftOut() {
        assertThat(CampaignArguments.parse(List.of("--core", "--shrink", "--first", "0"))
                        .shrink())
                .isTrue();
        assertThatThrownBy(() -> CampaignArguments.parse(List.of("--shrink", "--first", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--core");
    }

    @Test
    void whoseStoryIsToldMustBeSaid() {
        assertThatThrownBy(() -> CampaignArguments.parse(List.of("--story")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--story needs --first SEED");
        assertThatThrownBy(() -> CampaignArguments.parse(List.of("--core", "--shrink")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--shrink needs --first SEED");
    }

    @ParameterizedTest
    @CsvSource({"--seeds,", "--seeds,x", "--seeds,0", "--nodes,1", "--nodes,33", "--first,-1", "--speed,3"})
    void whatIsWrongIsRefused(String key, @Nullable String value) {
        List<String> args = value == null ? List.of(key) : List.of(key, value);
        assertThatThrownBy(() -> CampaignArguments.parse(args))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }
}
