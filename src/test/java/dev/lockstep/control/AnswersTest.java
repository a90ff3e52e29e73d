// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.heartbeat.SlotState.Cause;
import dev.lockstep.heartbeat.SlotState.Status;
import dev.lockstep.reason.ReasonCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AnswersTest {
    private final List<String> acknowledged = new ArrayList<>();

    private Answer ask(String line) {
        return ask(Snapshots.three(), line);
    }

    private Answer ask(StatusSnapshot snapshot, String line) {
        return new Responder(() -> snapshot, this::acknowledge, () -> Snapshots.NOW_NS).answer(line);
    }

    private Optional<String> acknowledge(NodeNumber node, BootId boot) {
        acknowledged.add(node + " " + boot);
        return Optional.empty();
    }

    @Test
    void listLockspacesForPeople() {
        assertThat(ask("1 ls text")).isEqualTo(Answer.of("""
                                LOCKSPACE  PHASE    EPOCH  GUARD  MEMBERS  WAITS FOR
                                bar        STARTED  7      R1     1 2      -
                                foo        STOPPED  8      R1     1 2      UNSETTLED 3 12 s
                                """));
    }

    @Test
    void sayWhyInSentencesWithTheWayOut() {
        assertThat(ask("1 why text foo").body()).isEqualTo("""
                        Lockspace foo is STOPPED in epoch 8 with nodes 1 (alpha), 2 (beta).

                        For 12 s: these nodes may still hold locks: neither in the view, nor released, nor proven \
                        dead: \
                        node 3 (gamma) (STARTED in epoch 7). [UNSETTLED]
                          Start the agents of these nodes, or let them leave the lockspace, or reset them. If a \
                        machine is certainly off: 'lockstep fence-ack NODE' shows what to say.
                        """);
    }

    @Test
    void sayThatNothingIsWaitedFor() {
        assertThat(ask("1 why text bar").body()).isEqualTo("""
                        Lockspace bar is STARTED in epoch 7 with nodes 1 (alpha), 2 (beta).
                        It waits for nothing.
                        """);
    }

    @Test
    void knowAWayOutOfEveryReason() {
        assertThat(Arrays.stream(ReasonCode.values()).map(WayOut::of))
                .doesNotHaveDuplicates()
                .allSatisfy(text -> assertThat(text).endsWith(".").hasSizeGreaterThan(20));
    }

    @Test
    void listLockspacesForPrograms() {
        assertThat(ask("1 ls json").body())
                .isEqualTo("{'schema':1,'lockspaces':["
                        .concat("{'name':'bar','guard':'R1','phase':'STARTED','epoch':7,'digest':'DIGEST','members':[")
                        .concat("{'node':1,'boot':'00000000-0000-0000-0000-000000000001',")
                        .concat("'generation':'0000000000000011','join':1},")
                        .concat("{'node':2,'boot':'00000000-0000-0000-0000-000000000002',")
                        .concat("'generation':'0000000000000022','join':4}],'recoverStatus':255,'reasons':[]},")
                        .concat("{'name':'foo','guard':'R1','phase':'STOPPED','epoch':8,'digest':'DIGEST','members':[")
                        .concat("{'node':1,'boot':'00000000-0000-0000-0000-000000000001',")
                        .concat("'generation':'0000000000000011','join':1},")
                        .concat("{'node':2,'boot':'00000000-0000-0000-0000-000000000002',")
                        .concat("'generation':'0000000000000022','join':4}],'recoverStatus':0,'reasons':[")
                        .concat("{'code':'UNSETTLED','number':10,'text':'these nodes may still hold locks: neither in")
                        .concat(" the view, nor released, nor proven dead','nodes':[3],'detail':'STARTED in epoch 7',")
                        .concat("'ageMs':12000}]}]}\n")
                        .replace('\'', '"')
                        .replace(
                                "DIGEST",
                                Snapshots.three()
                                        .lockspaces()
                                        .get(0)
                                        .view()
                                        .digest()
                                        .toString()));
    }

    @Test
    void sayWhyForPrograms() {
        assertThat(ask("1 why json bar").body())
                .isEqualTo("{\"schema\":1,\"lockspace\":\"bar\",\"phase\":\"STARTED\",\"epoch\":7,\"reasons\":[]}\n");
        assertThat(ask("1 why json foo").body())
                .startsWith("{\"schema\":1,\"lockspace\":\"foo\",\"phase\":\"STOPPED\",\"epoch\":8,\"reasons\":[{")
                .endsWith("\"ageMs\":12000,\"wayOut\":\"" + WayOut.of(ReasonCode.UNSETTLED) + "\"}]}\n");
    }

    @Test
    void showForProgramsWhatAFenceAckIsAbout() {
        assertThat(ask("1 fence-ack json gamma").body())
                .isEqualTo("{\"schema\":1,\"node\":3,\"name\":\"gamma\",\"boot\":\"" + Snapshots.BOOT_3
                        + "\",\"reportAgeMs\":1500,\"alive\":false,\"lives\":[{\"boot\":\"" + Snapshots.BOOT_3
                        + "\",\"reportAgeMs\":1500,\"alive\":false}],\"waiting\":[\"foo\"],\"acknowledged\":false}\n");
        assertThat(ask("1 fence-ack json gamma " + Snapshots.BOOT_3).body())
                .isEqualTo("{\"schema\":1,\"node\":3,\"name\":\"gamma\",\"boot\":\"" + Snapshots.BOOT_3
                        + "\",\"acknowledged\":true}\n");
    }

    @Test
    void tellTheWholeStatus() {
        assertThat(ask("1 status text").body()).isEqualTo("""
                        node 1 alpha, boot 00000000-0000-0000-0000-000000000001, agent up 60 s

                        Region R1 on /dev/sdb1
                          NODE  NAME   HEARTBEAT       GENERATION        REPORT  AGE    TROUBLE
                          1     alpha  live            0000000000000011  5       1.5 s
                          2     beta   live            0000000000000022  5       1.5 s
                          3     gamma  down (timeout)  0000000000000033  5       1.5 s

                        LOCKSPACE  PHASE    EPOCH  GUARD  MEMBERS  WAITS FOR
                        bar        STARTED  7      R1     1 2      -
                        foo        STOPPED  8      R1     1 2      UNSETTLED 3 12 s

                        Evicted:
                          NODE  BOOT                                  GENERATION        KIND
                          3     00000000-0000-0000-0000-000000000009  0000000000000030  REBOOTED

                        Ignored input:
                          region R1: failed reads and writes 4
                          region R1, node 3: slots with a bad checksum 7, bad reports 2
                          uevents: not understood 2, creates refused for their names 3, losses 1
                          wake-ups: no peer's, or too many 5
                        """);
        assertThat(ask("1 status json").body())
                .startsWith("{\"schema\":1,\"node\":1,\"name\":\"alpha\",")
                .contains("\"agentUpMs\":60000,\"mustGo\":null,")
                .contains("\"status\":\"DOWN\",\"cause\":\"TIMEOUT\"")
                .contains("\"trouble\":null,\"failures\":4,\"nodes\":[")
                .contains("\"trouble\":null,\"badChecksums\":7,\"foreignNumbers\":0,\"badReports\":2}")
                .contains("\"uevents\":{\"received\":9,\"malformed\":2,\"refused\":3,\"lost\":1},\"ignoredWakeUps\":5,")
                .contains("\"badInput\":{\"badChecksums\":7,\"badReports\":2,\"failures\":4,\"ignoredWakeUps\":5,")
                .contains("\"lostUevents\":1,\"malformedUevents\":2,\"refusedNames\":3}");
    }

    /** An empty list would be taken for a node without lockspaces. */
    @Test
    void sayThatItIsTooEarlyBeforeKernelAndMemoryWereRead() {
        Answer notYet = Answer.failure(
                ExitCode.TEMPORARY,
                "kernel and memory were not read yet, so nothing is known of lockspaces; ask again");

        assertThat(List.of("ls text", "ls json", "why text foo", "why json foo", "fence-ack text 3"))
                .allSatisfy(question ->
                        assertThat(ask(Snapshots.notStarted(), "1 " + question)).isEqualTo(notYet));
        assertThat(ask(Snapshots.notStarted(), "1 fence-ack text 3 " + Snapshots.BOOT_3))
                .isEqualTo(notYet);
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void showTheRegionsAlreadyBeforeKernelAndMemoryWereRead() {
        Answer text = ask(Snapshots.notStarted(), "1 status text");
        assertThat(text.status()).isEqualTo(75);
        assertThat(text.body())
                .contains("Region R1 on /dev/sdb1\n")
                .doesNotContain("No lockspaces")
                .contains("""

                Lockspaces: kernel and memory were not read yet, so nothing is known of lockspaces; ask again.
                """);

        Answer json = ask(Snapshots.notStarted(), "1 status json");
        assertThat(json.status()).isEqualTo(75);
        assertThat(json.body()).contains("\"started\":false,").contains("{\"name\":\"R1\",");
        assertThat(ask("1 status json").body()).contains("\"started\":true,");
    }

    @Test
    void haveNoReasonForAnUnknownLockspace() {
        assertThat(ask("1 why text nope"))
                .isEqualTo(Answer.failure(ExitCode.UNAVAILABLE, "no lockspace nope on this node"));
    }

    @Test
    void showTheIncarnationThatAFenceAckIsAbout() {
        assertThat(ask("1 fence-ack text gamma").body()).isEqualTo("""
                        node 3 gamma, boot 00000000-0000-0000-0000-000000000003, last report 1.5 s ago
                          region R1: heartbeat down (timeout)
                          lockspaces that wait for it: foo
                        If this machine is certainly off, or has been reset since, say so with
                          lockstep fence-ack 3 --boot 00000000-0000-0000-0000-000000000003
                        If it still runs, its file systems and everybody else's will be destroyed.
                        """);
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void takeAFenceAckForTheIncarnationShown() {
        assertThat(ask("1 fence-ack text 3 " + Snapshots.BOOT_3).status()).isZero();
        assertThat(acknowledged).containsExactly("3 " + Snapshots.BOOT_3);
    }

    @Test
    void refuseAFenceAckForAnotherIncarnation() {
        Answer answer = ask("1 fence-ack text 3 " + Snapshots.BOOT_2);

        assertThat(answer.status()).isEqualTo(77);
        assertThat(answer.message()).startsWith("node 3's last boot is " + Snapshots.BOOT_3 + ", not ");
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void refuseAFenceAckForANodeThatHeartbeatsInTheSessionItReported() {
        StatusSnapshot alive = Snapshots.three(Status.LIVE, Cause.NONE, new Generation(0x33));

        assertThat(ask(alive, "1 fence-ack text 3 " + Snapshots.BOOT_3).status())
                .isEqualTo(77);
        assertThat(acknowledged).isEmpty();
    }

    @Test
    void takeAFenceAckForARebootedNodeWhoseAgentDoesNotReport() {
        StatusSnapshot rebooted = Snapshots.three(Status.LIVE, Cause.NONE, new Generation(0x34));

        assertThat(ask(rebooted, "1 fence-ack text 3 " + Snapshots.BOOT_3).status())
                .isZero();
        assertThat(acknowledged).containsExactly("3 " + Snapshots.BOOT_3);
    }

    /** A life without a path to a region left the life before it standing there, which may be read later. */
    @Test
    void showEachLifeThatIsReportedInSomeRegionAndTakeTheWordForAny() {
        StatusSnapshot two = Snapshots.threeInTwoRegions(Status.DOWN);

        assertThat(ask(two, "1 fence-ack text gamma").body()).isEqualTo("""
                        node 3 gamma, boot 00000000-0000-0000-0000-000000000009, last report 0.5 s ago
                        node 3 gamma, boot 00000000-0000-0000-0000-000000000003, last report 1.5 s ago
                          region R1: heartbeat down (timeout), report of boot 00000000-0000-0000-0000-000000000003
                          region R2: heartbeat down (timeout), report of boot 00000000-0000-0000-0000-000000000009
                          lockspaces that wait for it: foo
                        If this machine is certainly off, or has been reset since, say so with
                          lockstep fence-ack 3 --boot 00000000-0000-0000-0000-000000000009
                          lockstep fence-ack 3 --boot 00000000-0000-0000-0000-000000000003
                        for each of these lives that is over.
                        If it still runs, its file systems and everybody else's will be destroyed.
                        """);
        assertThat(ask(two, "1 fence-ack json gamma").body())
                .contains(
                        "\"lives\":[{\"boot\":\"" + Snapshots.FORMER_BOOT_3 + "\",\"reportAgeMs\":500,\"alive\":false},"
                                + "{\"boot\":\"" + Snapshots.BOOT_3 + "\",\"reportAgeMs\":1500,\"alive\":false}],");
        assertThat(ask(two, "1 fence-ack text 3 " + Snapshots.BOOT_3).status()).isZero();
        assertThat(ask(two, "1 fence-ack text 3 " + Snapshots.FORMER_BOOT_3).status())
                .isZero();
        assertThat(acknowledged).containsExactly("3 " + Snapshots.BOOT_3, "3 " + Snapshots.FORMER_BOOT_3);
        assertThat(ask(two, "1 fence-ack text 3 " + Snapshots.BOOT_2).message())
                .startsWith("node 3's last boot is " + Snapshots.FORMER_BOOT_3 + " or " + Snapshots.BOOT_3 + ", not ");
    }

    @Test
    void refuseAFenceAckForTheOneOfTwoLivesThatHeartbeats() {
        StatusSnapshot two = Snapshots.threeInTwoRegions(Status.LIVE);

        assertThat(ask(two, "1 fence-ack text 3").body())
                .contains("\nBoot " + Snapshots.BOOT_3 + " still heartbeats.\n", " --boot " + Snapshots.FORMER_BOOT_3)
                .doesNotContain(" --boot " + Snapshots.BOOT_3);
        assertThat(ask(two, "1 fence-ack text 3 " + Snapshots.BOOT_3).status()).isEqualTo(77);
        assertThat(ask(two, "1 fence-ack text 3 " + Snapshots.FORMER_BOOT_3).status())
                .isZero();
        assertThat(acknowledged).containsExactly("3 " + Snapshots.FORMER_BOOT_3);
    }

    /** What heartbeats where the report is not its own may be the life whose report lies in the other region. */
    @Test
    void refuseAFenceAckForALifeThatMayHeartbeatWhereAnotherLeftItsReport() {
        StatusSnapshot two = Snapshots.threeInTwoRegions(Status.LIVE, new Generation(0x44));

        assertThat(ask(two, "1 fence-ack text 3 " + Snapshots.FORMER_BOOT_3).status())
                .isEqualTo(77);
        assertThat(ask(two, "1 fence-ack text 3 " + Snapshots.BOOT_3).status()).isZero();
    }

    @Test
    void neverTakeTheNumberOfOneNodeForTheNameOfAnother() {
        StatusSnapshot confusing = Snapshots.three("3", "gamma");

        assertThat(ask(confusing, "1 fence-ack text 3").body()).startsWith("node 3 gamma, boot " + Snapshots.BOOT_3);
        assertThat(ask(confusing, "1 fence-ack text 3 " + Snapshots.BOOT_3).status())
                .isZero();
        assertThat(acknowledged).containsExactly("3 " + Snapshots.BOOT_3);
        assertThat(ask(Snapshots.three("4", "gamma"), "1 fence-ack text 4").body())
                .startsWith("node 2 4, boot " + Snapshots.BOOT_2);
    }

    @Test
    void refuseAFenceAckForThisNode() {
        assertThat(ask("1 fence-ack text alpha " + Snapshots.BOOT_1))
                .isEqualTo(Answer.failure(ExitCode.NO_PERMISSION, "node 1 is this node, and it runs"));
    }

    @Test
    void passOnWhyAnAgentRefusesAFenceAck() {
        Responder responder =
                new Responder(Snapshots::three, (node, boot) -> Optional.of("not now"), () -> Snapshots.NOW_NS);

        assertThat(responder.answer("1 fence-ack json 3 " + Snapshots.BOOT_3))
                .isEqualTo(Answer.failure(ExitCode.NO_PERMISSION, "not now"));
    }

    @Test
    void writeAgesInUnitsThatPeopleRead() {
        assertThat(List.of(0L, 1_540L, 9_999L, 119_000L, 121_000L, 7_260_000L, 200_000_000L).stream()
                        .map(Age::text))
                .containsExactly("0.0 s", "1.5 s", "9.9 s", "119 s", "2 min 1 s", "2 h 1 min", "2 d 7 h");
    }
}
