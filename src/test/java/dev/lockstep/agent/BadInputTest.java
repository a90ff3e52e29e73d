// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.control.Request;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.sim.SimDlmCall;
import dev.lockstep.sim.SimDlmFabric;
import dev.lockstep.uevent.UeventParser;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What hardware, other programs and administrators get wrong, up to where a person sees it: {@code lockstep status} and
 * {@code lockstep why}. Nothing else is harmed: a lockspace of the other region goes on without a stop.
 */
final class BadInputTest {
    private static final Duration A_WHILE = Duration.ofSeconds(20);

    /** From one scan to the time between a beat and the next scan, so that no beat mends the slot unseen. */
    private static final Duration BETWEEN_BEATS = Duration.ofMillis(1300);

    @TempDir
    Path folder;

    private FileCluster cluster;

    @BeforeEach
    void makeRegions() throws IOException {
        cluster = new FileCluster(folder);
    }

    @AfterEach
    void end() throws IOException {
        cluster.close();
    }

    @Test
    void aRegionWithRandomBytesIsCountedAndAnotherGoesOn() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("b");
        cluster.stopped();
        Random random = new Random(17);
        for (int i = 0; i < 40; i++) {
            byte[] garbage = new byte[255 * FileCluster.SLOT_BYTES];
            random.nextBytes(garbage);
            FileCluster.write(cluster.red, FileCluster.SLOTS_AT, garbage);
            byte[] board = new byte[3 * FileCluster.BLOCK_BYTES];
            random.nextBytes(board);
            FileCluster.write(cluster.red, FileCluster.BOARD_AT, board);
            cluster.pass(Duration.ofMillis(500));
        }

        assertThat(count(one.status(), FileCluster.RED, 2, "badChecksums")).isGreaterThan(3);
        assertThat(count(one.status(), FileCluster.RED, 2, "badReports")).isGreaterThan(3);
        assertThat(count(one.status(), FileCluster.BLUE, 2, "badChecksums")).isZero();
        assertThat(one.statusText())
                .containsPattern("Ignored input:\n(.*\n)*  region " + FileCluster.RED
                        + ", node 2: slots with a bad checksum \\d+, bad reports \\d+\n");
        assertThat(one.badInput()).contains("node 2: slot has a bad checksum");
        assertThat(cluster.stopped()).isEmpty();
        cluster.runsOn("b", 1, 2);
    }

    @Test
    void aSlotWithAWrongChecksumIsCountedAndNoDeath() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("a");
        cluster.stopped();
        for (long i = 1; i <= 3; i++) {
            damageSlot(2);
            long wanted = i;
            cluster.within(A_WHILE, () -> counted(one, "badChecksums", wanted), one);
            cluster.pass(BETWEEN_BEATS);
        }
        cluster.pass(A_WHILE);

        assertThat(cluster.stopped()).isEmpty();
        cluster.runsOn("a", 1, 2);
    }

    @Test
    void aSlotThatChangesItsNodeNumberIsCountedAndItsPlaceStaysItsName() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("a");
        cluster.stopped();
        for (long i = 1; i <= 3; i++) {
            SlotBlock says = slot(2);
            writeSlot(2, new SlotBlock(says.seq() + 1, 7, says.generation(), says.deadMs()));
            long wanted = i;
            cluster.within(A_WHILE, () -> counted(one, "foreignNumbers", wanted), one);
            cluster.pass(BETWEEN_BEATS);
        }

        assertThat(one.statusText()).contains("node 2: slots with another number 3");
        assertThat(one.badInput()).contains("node 2: slot carries another node's number");
        assertThat(cluster.stopped()).isEmpty();
        cluster.runsOn("a", 1, 2);
    }

    @Test
    void aTruncatedDeviceIsSaidWithItsSizeAndAnotherRegionGoesOn() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("b");
        cluster.stopped();
        byte[] whole = Files.readAllBytes(cluster.red);
        try (var file = new RandomAccessFile(cluster.red.toFile(), "rw")) {
            file.setLength(FileCluster.SLOTS_AT + 100L);
        }
        cluster.pass(A_WHILE);

        assertThat(count(one.status(), FileCluster.RED, "failures")).isGreaterThan(2);
        assertThat(one.status())
                .containsPattern("\"name\":\"" + FileCluster.RED + "\",\"device\":\"" + cluster.red
                        + "\",\"board\":true,\"trouble\":\"[^\"]*" + cluster.red + "[^\"]*\"");
        assertThat(one.statusText()).containsPattern("region " + FileCluster.RED + ": failed reads and writes \\d+\n");
        assertThat(one.statusText()).doesNotContain("MUST GO");
        assertThat(cluster.stopped()).isEmpty();

        FileCluster.write(cluster.red, 0, whole);
        cluster.runsOnBoth("a");
        assertThat(one.status()).contains("\"device\":\"" + cluster.red + "\",\"board\":true,\"trouble\":null");
    }

    @Test
    void aDeviceThatDisappearsIsSaidAndAnotherRegionGoesOn() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("b");
        cluster.stopped();
        Files.delete(cluster.red);
        cluster.pass(A_WHILE);

        assertThat(count(one.status(), FileCluster.RED, "failures")).isGreaterThan(2);
        assertThat(one.statusText()).containsPattern("Region " + FileCluster.RED + " on .*, .*" + cluster.red);
        assertThat(one.statusText()).doesNotContain("MUST GO");
        assertThat(cluster.stopped()).isEmpty();
    }

    @Test
    void aDeviceThatCannotBeReadAnyMoreUnderALockspaceIsSaidAndStopsNothingByItself() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("a");
        cluster.stopped();
        Files.delete(cluster.red); // the heartbeats go on in the file they have open
        cluster.pass(A_WHILE);

        assertThat(one.why("a")).startsWith("Lockspace a is STARTED");
        assertThat(one.statusText()).containsPattern("Region " + FileCluster.RED + " on .*, .*" + cluster.red);
        assertThat(count(one.status(), FileCluster.RED, "failures")).isGreaterThan(2);
        assertThat(cluster.stopped()).isEmpty();
    }

    @Test
    void ueventsWithGarbageAreCountedAndChangeNothing() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("a");
        cluster.stopped();
        one.uevent("online@/kernel/dlm/a\0ACTION=online\0SUBSYSTEM=dlm\0LOCKSPACE=a\0LOCKSPACE=b\0");
        one.uevent("offline@/kernel/dlm/a\0ACTION=offline\0DEVPATH=/kernel/dlm/x\0SUBSYSTEM=dlm\0LOCKSPACE=a\0");
        one.uevent("garbage");
        one.uevent("online@/kernel/dlm/a\0SUBSYSTEM=dlm\0PAD=" + "x".repeat(UeventParser.MAX_BYTES) + "\0");
        cluster.pass(A_WHILE);

        assertThat(one.status())
                .containsPattern("\"uevents\":\\{\"received\":\\d+,\"malformed\":4,\"refused\":0,\"lost\":0}");
        assertThat(one.statusText()).contains("  uevents: not understood 4\n");
        assertThat(one.badInput()).anyMatch(text -> text.startsWith("node 1: a uevent was not understood: "));
        assertThat(cluster.stopped()).isEmpty();
    }

    @Test
    void lostUeventsAreCountedAndTheKernelIsReadInstead() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        cluster.runsOnBoth("a");
        cluster.stopped();
        one.loseUevents();
        cluster.pass(A_WHILE);

        assertThat(one.status()).contains("\"lost\":1}").contains("\"badInput\":{\"lostUevents\":1}");
        assertThat(one.badInput()).containsExactly("node 1: uevents were lost: kernel: ENOBUFS");
        assertThat(cluster.stopped()).isEmpty();
    }

    @Test
    void aFloodOfGarbageIsCountedToTheLastAndLoggedInAFewLines() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        for (int i = 0; i < 100_000; i++) {
            one.uevent("offline@/kernel/dlm/a\0SUBSYSTEM=dlm\0");
        }
        cluster.runsOnBoth("a");

        assertThat(one.status()).contains("\"malformed\":100000");
        assertThat(one.badInput()).hasSizeLessThan(20);
    }

    @Test
    void eventsOfOtherSubsystemsAreNoBadInput() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        for (int i = 0; i < 100_000; i++) {
            one.uevent("change@/devices/x\0ACTION=change\0DEVPATH=/devices/x\0SUBSYSTEM=block\0SEQNUM=" + i + "\0");
        }
        cluster.runsOnBoth("a");

        assertThat(one.status())
                .contains("\"malformed\":0,\"refused\":0,\"lost\":0}")
                .contains("\"badInput\":{}");
    }

    @Test
    void longAndStrangeNamesAreServedAndShownWithoutRawBytes() throws Exception {
        FileNode one = cluster.boot(1);
        cluster.boot(2);
        List<String> names = List.of(
                "a234567890123456789012345678901234567890123456789012345678901234",
                "a b",
                "a\"b",
                "a\\b",
                "a$(b)",
                "a\u00e9\u00ff",
                "a\nb\tc",
                "a*?[");
        names.forEach(cluster::runsOnBoth);

        assertThat(one.ask(Request.Verb.LS, false)).matches("[\n -~]*");
        for (String name : names) {
            String shown = new LockspaceName(name).toString();
            assertThat(one.ask(Request.Verb.LS, false)).contains(shown + " ");
            assertThat(one.ask(Request.Verb.LS, true))
                    .contains("\"name\":\"" + shown.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
            assertThat(one.why(shown)).startsWith("Lockspace " + shown + " is STARTED");
        }
    }

    @Test
    void twoMachinesWithOneNumberBothSaySoAndTheThirdGoesOn() throws Exception {
        FileNode one = cluster.boot(1);
        one.create("b");
        FileNode two = cluster.boot(2);
        cluster.runsOnBoth("a");
        FileNode second = cluster.boot(new SimDlmFabric(0), cluster.red, 2);
        cluster.pass(Duration.ofSeconds(60));
        for (FileNode each : List.of(two, second)) {
            assertThat(each.statusText())
                    .contains("THIS NODE MUST GO: another machine writes this node's block in region ")
                    .contains(": two machines with number 2\n");
        }
        assertThat(one.statusText()).doesNotContain("MUST GO");
        assertThat(cluster.stopped()).doesNotContain("b");
    }

    @Test
    void anotherDiskUnderARegionsNameStopsTheJoinAndSaysSo() throws Exception {
        Path copy = Files.copy(cluster.red, folder.resolve("copy.img"));
        cluster.boot(1);
        FileNode two = cluster.boot(new SimDlmFabric(0), copy, 2);
        cluster.pass(A_WHILE);
        SimDlmCall join = two.create("a");
        cluster.pass(A_WHILE);

        assertThat(join.succeeded()).isFalse();
        assertThat(two.why("a")).contains("[DISK_NOT_SHARED]").contains("node 1 (n1)");
    }

    @Test
    void anotherDeadThresholdStopsTheJoinAndNamesTheSetting() throws Exception {
        FileNode one = cluster.boot(1);
        one.create("a");
        cluster.runsOn("a", 1);
        cluster.stopped();
        FileNode two = cluster.boot(2, "dead-threshold = 7");
        cluster.pass(A_WHILE);
        two.create("a");
        cluster.pass(A_WHILE);

        assertThat(two.why("a")).contains("[SETTINGS_DIFFER]").contains("dead-threshold");
        assertThat(cluster.stopped()).isEmpty();
        cluster.runsOn("a", 1);
    }

    private static boolean counted(FileNode node, String field, long atLeast) {
        return count(node.status(), FileCluster.RED, 2, field) >= atLeast;
    }

    private void damageSlot(int number) throws IOException {
        FileCluster.write(cluster.red, at(number) + 100, new byte[] {1});
    }

    private SlotBlock slot(int number) throws IOException {
        byte[] bytes = FileCluster.read(cluster.red, at(number), FileCluster.SLOT_BYTES);
        return ((SlotReading.Good) new SlotCodec(FileCluster.SLOT_BYTES).decode(ByteBuffer.wrap(bytes), 0)).block();
    }

    private void writeSlot(int number, SlotBlock block) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FileCluster.SLOT_BYTES);
        new SlotCodec(FileCluster.SLOT_BYTES).encode(block, bytes, 0);
        FileCluster.write(cluster.red, at(number), bytes.array());
    }

    private static long at(int slot) {
        return FileCluster.SLOTS_AT + (long) slot * FileCluster.SLOT_BYTES;
    }

    private static long count(String status, String region, String field) {
        return number(status, "\"name\":\"" + region + "\".*?\"" + field + "\":(\\d+)");
    }

    private static long count(String status, String region, int node, String field) {
        return number(status, "\"name\":\"" + region + "\".*?\"node\":" + node + ",.*?\"" + field + "\":(\\d+)");
    }

    private static long number(String status, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(status);
        assertThat(matcher.find()).as("%s in %s", pattern, status).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
