// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchTest {
    private static final Set<Reduction> ALL = EnumSet.allOf(Reduction.class);

    @Test
    void twoNodesMeetNothingBrokenInAnyOrder() {
        SearchResult result = search(SearchSettings.ofNodes(2));
        assertThat(result.violation()).as(told(result)).isEmpty();
        assertThat(result.complete()).isTrue();
        assertThat(result.quiet()).isPositive();
    }

    @Test
    void threeNodesMeetNothingBroken() {
        SearchResult result = search(SearchSettings.ofNodes(3).with(ALL));
        assertThat(result.violation()).as(told(result)).isEmpty();
        assertThat(result.complete()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CRASH", "AGENT_RESTART", "LEAVE", "LEFT", "PAUSE", "TORN", "LOST_UEVENT"})
    void twoNodesMeetNothingBrokenWithAFault(Fault fault) {
        SearchResult result = search(SearchSettings.ofNodes(2).with(ALL).with(fault, 1));
        assertThat(result.violation()).as(told(result)).isEmpty();
        assertThat(result.complete()).isTrue();
    }

    @Test
    void aStalledHeartbeatMakesItsNodeSayThatItMustGo() {
        SearchSettings reduced = SearchSettings.ofNodes(2).with(ALL);
        assertThat(search(reduced.with(Fault.PAUSE, 1)).contents())
                .isGreaterThan(search(reduced).contents());
    }

    @Test
    void twoLockspacesMeetNothingBroken() {
        SearchResult result = search(SearchSettings.ofNodes(2).with(ALL).with(1, 2));
        assertThat(result.violation()).as(told(result)).isEmpty();
        assertThat(result.complete()).isTrue();
    }

    @Test
    void whatTheNodesAreCalledMakesNoDifference() {
        SearchSettings settings =
                SearchSettings.ofNodes(2).with(EnumSet.complementOf(EnumSet.of(Reduction.NODES_ALIKE)));
        long apart = search(settings).states();
        assertThat(search(settings.with(ALL)).states()).isBetween(apart / 2, apart / 2 + apart / 10);
    }

    @Test
    void aSearchThatIsTooLargeSaysThatItIsNotComplete() {
        SearchSettings few =
                new SearchSettings(2, 1, 1, SearchSettings.ofNodes(2).budgets(), Set.of(), 100);
        assertThat(search(few).complete()).isFalse();
    }

    private static SearchResult search(SearchSettings settings) {
        return Search.run(settings, (states, waiting, depth) -> true);
    }

    private static String told(SearchResult result) {
        return String.join("\n", result.story());
    }
}
