// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sim.search.Fault;
import dev.lockstep.sim.search.Reduction;
import dev.lockstep.sim.search.SearchSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchArgumentsTest {

    @Test
    void everyArgumentIsTaken() {
        List<String> args = List.of(
                "--nodes",
                "3",
                "--regions",
                "2",
                "--lockspaces",
                "2",
                "--crashes",
                "2",
                "--left",
                "1",
                "--false-verdicts",
                "1",
                "--reduce",
                "nodes-alike,own-seen",
                "--max-states",
                "7");
        Map<Fault, Integer> budgets = Map.of(Fault.CRASH, 2, Fault.LEFT, 1, Fault.FALSE_VERDICT, 1);
        assertThat(SearchArguments.parse(args))
                .isEqualTo(new SearchSettings(3, 2, 2, budgets, Set.of(Reduction.NODES_ALIKE, Reduction.OWN_SEEN), 7));
    }

    @Test
    void everyFaultHasAnArgumentThatTheUsageNames() {
        for (Fault fault : Fault.values()) {
            assertThat(SearchArguments.parse(List.of(SearchArguments.key(fault), "1"))
                            .budgets())
                    .isEqualTo(Map.of(fault, 1));
        }
        assertThat(Arrays.stream(Fault.values()).map(SearchArguments::key))
                .allMatch(key -> SearchArguments.USAGE.contains("[" + key + " N]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nodes 4", "--crashes", "--crashes x", "--crashes 16", "--reduce all", "--speed 3"})
    void whatIsWrongIsRefused(String line) {
        List<String> args = List.of(line.split(" "));
        assertThatThrownBy(() -> SearchArguments.parse(args))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(args.get(0));
    }
}
