// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.dlm.UnansweredFacts.Waiter;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.uevent.Uevent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lockspaces are written "a:0 b:7" (name and id), hints "a+ b-" (joining, leaving), decisions "a+" and the like. */
class UnansweredFactsTest {

    @ParameterizedTest(name = "{0}: ids [{1}] log [{2}] devices [{3}] journal [{4}] -> {5}")
    @CsvSource(
            nullValues = "-",
            value = {
                // Nobody waits, whatever else seems so.
                "NONE, a:0, a+, '', a+, nobody",
                "NONE, '', '', '', '', nobody",
                // A create: the id of 0 names it, before the log and the journal.
                "IN_NEW, a:0 b:7, b-, b, b+, a+",
                "IN_NEW, a:0 b:7, '', '', '', a+",
                // Two ids of 0, or none (the answer came too late for the old agent): log, then journal.
                "IN_NEW, a:0 b:0, b+, '', a+, b+",
                "IN_NEW, a:0 b:0, '', '', b+, b+",
                "IN_NEW, a:5 b:7, b+, '', '', b+",
                // A first recovery failed: the kernel sends offline from within the create.
                "IN_NEW, a:5 b:7, a-, '', a+, a-",
                "IN_NEW, a:5 b:7, '', '', '', undecidable",
                "IN_NEW, a:0 b:0, a+ b+, '', '', undecidable",
                "IN_NEW, a:5, gone+, '', '', undecidable",
                // A release: log, then journal, then the only one without a device node.
                "IN_RELEASE, a:5 b:7, a-, '', b-, a-",
                "IN_RELEASE, a:5 b:7, b+, '', a-, a-",
                "IN_RELEASE, a:5 b:7, '', a, '', b-",
                "IN_RELEASE, a:5, '', '', a+, a-",
                "IN_RELEASE, a:5 b:7, '', '', '', undecidable",
                "IN_RELEASE, a:5 b:7, '', a b, '', undecidable",
                // Stacks cannot be read.
                "UNREADABLE, a:0 b:7, '', '', '', a+",
                "UNREADABLE, a:5 b:7, b-, '', '', b-",
                "UNREADABLE, a:5 b:7, '', '', b-, b-",
                "UNREADABLE, a:5 b:7, '', '', '', nobody",
                "UNREADABLE, a:0 b:0, '', '', '', undecidable"
            })
    void whoWaitsIsDecidedFromWhatTheKernelShows(
            Waiter waiter, String ids, String log, String devices, String journal, String expected) {
        UnansweredFacts facts = new UnansweredFacts(waiter, ids(ids), hints(log), names(devices), hints(journal));

        assertThat(text(facts.decide())).isEqualTo(expected);
    }

    @Test
    void readsTheStacksOfWaitersAndOfNobodyElse() {
        assertThat(waiter("do_uevent+0x9b/0x120", "new_lockspace+0x8f1/0xb60", "dlm_new_lockspace+0x60/0x110"))
                .isEqualTo(Waiter.IN_NEW);
        assertThat(waiter("do_uevent.isra.0+0x9b/0x120", "release_lockspace+0x5a/0x4c0", "dlm_release_lockspace+0x8/9"))
                .isEqualTo(Waiter.IN_RELEASE);
        // Waits for its first recovery, no longer for event_done.
        assertThat(waiter(
                        "wait_for_completion+0x9b/0x120", "new_lockspace+0x8f1/0xb60", "dlm_new_lockspace+0x60/0x110"))
                .isEqualTo(Waiter.NONE);
        assertThat(waiter("do_uevent+0x9b/0x120", "some_store+0x10/0x20")).isEqualTo(Waiter.NONE);
        assertThat(waiter()).isEqualTo(Waiter.NONE);
    }

    @Test
    void readsTheKernelLogsLines() {
        String log = "<6>[  12.345678] dlm: Using TCP for communications\n"
                + "<6>[  12.400000] dlm: a: joining the lockspace group...\n"
                + "<6>[  12.500000] dlm: a: group event done 0\n"
                + "<6>[  13.000000] dlm: b: c: joining the lockspace group...\n"
                + "<6>[  13.100000] dlm: a: leaving the lockspace group...\n"
                + "<6>[  13.200000] dlm: b: c: group event done -22\n"
                + "<6>[  13.300000] dlm: " + "x".repeat(65) + ": joining the lockspace group...\n";

        assertThat(GroupEventLog.open(log)).isEqualTo(Map.of(new LockspaceName("a"), Uevent.Action.OFFLINE));
    }

    private static Waiter waiter(String... frames) {
        KernelStacks stacks = new KernelStacks();
        stacks.add("[<0>] do_nanosleep+0x60/0x110\n");
        stacks.add(Arrays.stream(frames)
                .map(frame -> "[<0>] " + frame + " [dlm]\n")
                .collect(Collectors.joining()));
        stacks.add("[<0>] do_poll+0x60/0x110\n");
        return stacks.waiter();
    }

    private static String text(UnansweredDecision decision) {
        if (decision instanceof UnansweredDecision.Waits waits) {
            return waits.lockspace() + (waits.question() == Uevent.Action.ONLINE ? "+" : "-");
        }
        return decision instanceof UnansweredDecision.Nobody ? "nobody" : "undecidable";
    }

    private static Map<LockspaceName, Integer> ids(String text) {
        Map<LockspaceName, Integer> ids = new TreeMap<>();
        words(text).forEach(w -> ids.put(new LockspaceName(w.substring(0, 1)), Integer.parseInt(w.substring(2))));
        return ids;
    }

    private static Map<LockspaceName, Uevent.Action> hints(String text) {
        Map<LockspaceName, Uevent.Action> hints = new TreeMap<>();
        words(text)
                .forEach(w -> hints.put(
                        new LockspaceName(w.substring(0, w.length() - 1)),
                        w.endsWith("+") ? Uevent.Action.ONLINE : Uevent.Action.OFFLINE));
        return hints;
    }

    private static Set<LockspaceName> names(String text) {
        return words(text).stream().map(LockspaceName::new).collect(Collectors.toSet());
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(w -> !w.isEmpty()).toList();
    }
}
