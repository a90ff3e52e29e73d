// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sim.search.Fault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that were refuted before are refuted again by the search, in the production core. */
class RefutedRulesTest {
    private static final long MOST_STATES = 1_000_000;

    static List<RefutedRule> rules() {
        return List.of(
                RefutedRule.of(
                        2,
                        "P3",
                        bug(
                                "a vacant block of a node that beats taken for its word",
                                "core.RegionState",
                                "(block.report().isPresent() || down)",
                                "true"),
                        Fault.WIPED),
                RefutedRule.of(
                        2,
                        "P2",
                        bug(
                                "STOPPED reported before the stop has returned",
                                "core.LockspacePlan",
                                "if (running) {\n                return stop(next.get().why());\n            }",
                                "")),
                RefutedRule.of(
                        2,
                        "P2",
                        bug(
                                "STOPPED of the same boot taken as settling",
                                "core.Settlement",
                                "entry.get().phase() == Phase.LEAVING",
                                "entry.get().phase() == Phase.LEAVING || entry.get().phase() == Phase.STOPPED"),
                        Fault.LEFT),
                RefutedRule.of(
                        2,
                        "P7: node 2 in foo keeps ghost locks",
                        bug("join number ignored", "core.KernelSide", "!m.sameJoin(member)", "false"),
                        Fault.LEAVE),
                RefutedRule.of(
                        2,
                        "P7: node 2 in foo drops the locks",
                        bug(
                                "renewed on a changed generation",
                                "core.KernelSide",
                                "!m.sameJoin(member)",
                                "!m.equals(member)"),
                        Fault.REGION_RESTART),
                RefutedRule.of(
                        2,
                        "P12",
                        bug(
                                "timing out only slots once seen live",
                                "heartbeat.SlotState",
                                "return dead && !generation.isNone()",
                                "return dead && !generation.isNone() && status == Status.LIVE"),
                        Fault.CRASH,
                        Fault.CRASH,
                        Fault.REBOOT),
                RefutedRule.of(
                        2,
                        "P6: the epoch of foo falls",
                        bug(
                                "the epoch of a dropped entry forgotten",
                                "core.State",
                                "Epoch.max(floor, gone.epoch())",
                                "floor"),
                        Fault.LEAVE),
                RefutedRule.of(
                                2,
                                "P1",
                                bug(
                                        "starting on blocks read before the own STOPPED",
                                        "core.StartGate",
                                        "gate.everyBlockReadSince();",
                                        ""),
                                Fault.CRASH)
                        .unreduced(),
                RefutedRule.of(
                        2,
                        "P12",
                        bug(
                                "a proof not covering earlier generations",
                                "core.Deaths",
                                "!slot.timedOut()) {\n            return;",
                                "!slot.timedOut() || !report.generation().equals(slot.generation())) {\n"
                                        + "            return;"),
                        Fault.CRASH,
                        Fault.CRASH,
                        Fault.REBOOT),
                RefutedRule.of(
                        2,
                        "P1",
                        bug(
                                        "deciding before all was read",
                                        "core.Candidate",
                                        "!unread(state, region, lockspace).isEmpty()",
                                        "false")
                                .and(
                                        "core.Epochs",
                                        "return region.board().mayBeUsedOutside(view,",
                                        "return state == null && region.board().mayBeUsedOutside(view,"),
                        Fault.CRASH,
                        Fault.AGENT_RESTART),
                RefutedRule.of(
                        2,
                        "P2",
                        PlantedBug.of(
                                0,
                                "a leaver that opens no epoch, and so is not stopped for it",
                                "core.LockspacePlan",
                                "return running ? stop(\"it is released here\") : startLeaving();",
                                "move(Phase.LEAVING, lockspace.epoch(), lockspace.view(), \"\"); return List.of();"),
                        Fault.LEAVE),
                RefutedRule.of(
                        2,
                        "P6: foo started under epoch 1 after epoch 1",
                        PlantedBug.of(
                                0,
                                "starting one epoch twice",
                                "core.Epochs",
                                "return Optional.of(new Next(fresh(state, region, lockspace), candidate, why));",
                                "return Optional.of(new Next(why.startsWith(\"what\") ? lockspace.epoch()"
                                        + " : fresh(state, region, lockspace), candidate, why));",
                                "&& !lockspace.epoch().isAfter(lockspace.kernel().started())) {",
                                "&& state.facts() == null) {"),
                        Fault.CRASH),
                RefutedRule.of(
                        2,
                        "the core throws",
                        PlantedBug.of(
                                0,
                                "verdicts by generation",
                                "core.State",
                                "return evicted.has(who, life);",
                                "return evictions.stream().anyMatch(e -> e.node().equals(who)"
                                        + " && regions.values().stream()"
                                        + ".anyMatch(r -> r.slot(who).generation().equals(e.generation())))"
                                        + " || regions.values().stream().anyMatch(r -> r.blocks().values().stream()"
                                        + ".flatMap(block -> block.report().stream())"
                                        + ".flatMap(report -> report.evictions().stream())"
                                        + ".anyMatch(e -> e.node().equals(who)"
                                        + " && r.slot(who).generation().equals(e.generation())));"),
                        Fault.FALSE_VERDICT,
                        Fault.REGION_RESTART));
    }

    private static PlantedBug bug(String name, String source, String find, String replace) {
        return PlantedBug.of(0, name, source, find, replace);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void isRefutedAgain(RefutedRule rule) throws IOException, ReflectiveOperationException {
        assertThat(search(Mutant.with(rule.bug()), rule)).startsWith(rule.violated());
    }

    @Test
    void theRuleInForceSurvivesTheSameSearches() throws IOException, ReflectiveOperationException {
        Mutant healthy = Mutant.with(PlantedBug.of(0, "no bug", "core.StartGate", "gate.comms();", "gate.comms();"));
        Set<Object> searched = new HashSet<>();
        for (RefutedRule rule : rules()) {
            boolean large = rule.faults().size() > 1 || rule.reductions().size() == 1; // bench/search does those
            if (large || !searched.add(List.of(rule.faults(), rule.reductions()))) {
                continue;
            }
            assertThat(search(healthy, rule)).as(rule.toString()).isEmpty();
        }
    }

    private static String search(Mutant mutant, RefutedRule rule) throws ReflectiveOperationException {
        Method search = mutant.loadClass("dev.lockstep.sim.search.Search")
                .getMethod("violationOf", int.class, int.class, int.class, Map.class, List.class, long.class);
        return (String) search.invoke(null, rule.nodes(), 1, 1, rule.faults(), rule.reductions(), MOST_STATES);
    }
}
