// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.Encoding;
import dev.lockstep.board.ReportSamples;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.RegionId;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.testing.Needs;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegionFormatTest {
    private static final String NAME = "9F3B2C6D1E4A4F5B8C7D6E5F40312213";

    @TempDir
    Path folder;

    private Path device;
    private Caching caching;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void placeTheDevice() throws IOException {
        caching = Trial.caching(folder);
        device = folder.resolve("region");
    }

    @Test
    void makesARegionInANewFile() throws IOException {
        assertThat(format(NAME.toLowerCase(Locale.ROOT), 0)).isZero();

        assertThat(RegionProbe.probe(device, caching)).contains(RawRegion.layout(new RegionId(NAME), 512));
        assertThat(out.toString()).contains("region " + NAME, "start_block 2048");
        assertThat(Files.size(device)).isEqualTo((2 << 20) + 255 * 65536);
    }

    @Test
    void aRegionWithoutANameGetsOneOfItsOwn() throws IOException {
        assertThat(format(null, 0)).isZero();
        var first = RegionProbe.probe(device, caching).orElseThrow().name();
        assertThat(format(null, 1)).isZero();

        assertThat(first.name()).matches("[0-9A-F]{32}");
        assertThat(RegionProbe.probe(device, caching).orElseThrow().name()).isNotEqualTo(first);
    }

    @Test
    void anUnusedRegionIsRenewedWhenForcedOnce() throws IOException {
        assertThat(format(NAME, 0)).isZero();

        assertThat(format(null, 0)).isEqualTo(64);
        assertThat(err.toString()).contains("Lockstep region " + NAME, "say --force");
        assertThat(RegionProbe.probe(device, caching).orElseThrow().name().name())
                .isEqualTo(NAME);
        assertThat(format(null, 1)).isZero();
    }

    @Test
    void aRegionWithAHeartbeatOrAReportIsRenewedOnlyWhenForcedTwice() throws IOException {
        assertThat(format(NAME, 0)).isZero();
        try (DirectRegionDevice region = DirectRegionDevice.open(device, Access.READ_WRITE, caching)) {
            ByteBuffer slot = ByteBuffer.allocate(512);
            new SlotCodec(512).encode(new SlotBlock(5, 7, new Generation(9), 12000), slot, 0);
            region.writeSlot(7, slot);
        }
        assertThat(format(NAME, 1)).isEqualTo(64);
        assertThat(err.toString()).contains("slot 7: generation 0000000000000009", "twice");
        assertThat(format(NAME, 2)).isZero();
        assertThat(format(NAME, 1)).isZero();

        try (DirectRegionDevice region = DirectRegionDevice.open(device, Access.READ_WRITE, caching)) {
            region.writeBoardCopy(3, 0, ((Encoding.Fits) BoardCodec.encode(ReportSamples.rich(3, 17), 32768)).bytes());
        }
        assertThat(format(NAME, 1)).isEqualTo(64);
        assertThat(err.toString()).contains("report of node 3, seq 17");
    }

    @Test
    void aFileSystemIsOverwrittenOnlyWhenForcedTwice() throws IOException {
        byte[] before = new byte[32 << 20];
        before[1080] = 0x53;
        before[1081] = (byte) 0xEF;
        Files.write(device, before);

        assertThat(format(null, 0)).isEqualTo(64);
        assertThat(format(null, 1)).isEqualTo(64);
        assertThat(err.toString()).contains("ext2/3/4");
        assertThat(Files.readAllBytes(device)).isEqualTo(before);

        assertThat(format(null, 2)).isZero();
        assertThat(RegionProbe.probe(device, caching)).isPresent();
        assertThat(Files.size(device)).isEqualTo(before.length);
    }

    @Test
    void aDamagedRegionIsNotMistakenForFreeSpace() throws IOException {
        assertThat(format(NAME, 0)).isZero();
        try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "rw")) {
            file.seek(100);
            file.write(1);
        }

        assertThat(format(null, 1)).isEqualTo(64);
        assertThat(err.toString()).contains("checksum does not match");
    }

    @Test
    void whatIsNoDeviceIsRefused() {
        assertThat(formatAt(folder, null, 2)).isEqualTo(64);
        assertThat(formatAt(Path.of("/dev/null"), null, 2)).isEqualTo(64);
        assertThat(formatAt(Path.of("/dev/no-such-disk"), null, 2)).isEqualTo(64);
        assertThat(err.toString())
                .contains("neither a block device nor a regular file", "/dev/no-such-disk: no such device");
        assertThat(Path.of("/dev/no-such-disk")).doesNotExist();
    }

    @Test
    void aDeviceThatIsNotThereIsNotMadeAFileByAWayRoundItsName() {
        Path relative = Path.of("").toAbsolutePath().relativize(Path.of("/dev/no-such-disk"));

        assertThat(formatAt(relative, null, 2)).isEqualTo(64);
        assertThat(formatAt(Path.of("/proc/../dev/no-such-disk"), null, 2)).isEqualTo(64);
        assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.endsWith(": no such device"));
        assertThat(Path.of("/dev/no-such-disk")).doesNotExist();
    }

    @Test
    void whatIsNeitherDeviceNorFileIsCalledSoHoweverItsFileSystemReads() {
        assertThat(RegionFormat.run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        new RegionFormat.Request(Path.of("/dev/null"), Optional.empty(), 0, Caching.DIRECT)))
                .isEqualTo(64);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("lockstep: /dev/null: neither a block device nor a regular file");
    }

    @Test
    void aFileInADirectoryThatIsNotThereIsRefusedWithWhatIsWrong() {
        assertThat(formatAt(folder.resolve("nowhere/region"), null, 0)).isEqualTo(64);
        assertThat(err.toString()).contains("nowhere/region: no such directory");
    }

    @Test
    void whoeverMayNotMakeOrGrowAFileIsToldSo() {
        assertThat(RegionExit.of(new AccessDeniedException("/root/region"))).isEqualTo(ExitCode.NO_PERMISSION);
    }

    @Test
    void aNameThatIsNoUuidIsRefusedBeforeAnythingIsMade() {
        assertThat(format("xyz", 2)).isEqualTo(64);
        assertThat(device).doesNotExist();
    }

    @Test
    void aVolumeOfMkfsGetsABoardAndStaysAVolume() throws Exception {
        Path image = volume("-b", "4096", "-C", "4096");

        assertThat(formatAt(image, null, 0)).isZero();
        RegionLayout layout = RegionProbe.probe(image, caching).orElseThrow();
        assertThat(layout.kind()).isEqualTo(RegionKind.OCFS2);
        assertThat(layout.board().orElseThrow().blocks()).isEqualTo(223);
        assertThat(out.toString()).contains(layout.name().name());
        assertThat(exitOf("fsck.ocfs2", "-fn", image.toString())).isZero();

        assertThat(formatAt(image, null, 0)).isEqualTo(64);
        assertThat(formatAt(image, null, 1)).isZero();
        assertThat(formatAt(image, NAME, 2)).isEqualTo(64);
    }

    @Test
    void aVolumeWithoutRoomGetsNoBoard() throws Exception {
        Path image = volume("-b", "1K", "-C", "4096");

        assertThat(formatAt(image, null, 2)).isEqualTo(64);
        assertThat(err.toString()).contains("no room for a board", "blocks of 1024 bytes");
    }

    @Test
    void unknownBytesInTheSpareAreaAreNotOverwritten() throws Exception {
        Path image = volume("-b", "4096", "-C", "4096");
        RegionLayout layout = RegionProbe.probe(image, caching).orElseThrow();
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(layout.slotStart() + 500_000);
            file.write(1);
        }

        assertThat(formatAt(image, null, 1)).isEqualTo(64);
        assertThat(err.toString()).contains("something unknown in the spare area");
        assertThat(formatAt(image, null, 2)).isZero();
    }

    private Path volume(String... options) throws Exception {
        Path image = folder.resolve("volume");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(200 << 20);
        }
        String[] command = new String[options.length + 11];
        String[] head = {
            "mkfs.ocfs2", "-F", "-q", "-N", "2", "-J", "size=4M", "--cluster-stack=pcmk", "--cluster-name=c1"
        };
        System.arraycopy(head, 0, command, 0, head.length);
        System.arraycopy(options, 0, command, head.length, options.length);
        command[command.length - 2] = "--no-backup-super";
        command[command.length - 1] = image.toString();
        Needs.of(
                Files.isExecutable(Path.of("/sbin/mkfs.ocfs2")) || Files.isExecutable(Path.of("/usr/sbin/mkfs.ocfs2")),
                "mkfs.ocfs2 of ocfs2-tools");
        Needs.of(Files.exists(Path.of("/etc/mtab")), "/etc/mtab, without which mkfs.ocfs2 ends at once");
        Needs.of(
                Files.isExecutable(Path.of("/sbin/modprobe")) || Files.isExecutable(Path.of("/usr/sbin/modprobe")),
                "modprobe of kmod, without which mkfs.ocfs2 goes on in two processes");
        assertThat(exitOf(command)).isZero();
        return image;
    }

    private static int exitOf(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectInput(new File("/dev/null")) // nobody is there to answer it
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private int format(@Nullable String name, int force) {
        return formatAt(device, name, force);
    }

    private int formatAt(Path path, @Nullable String name, int force) {
        return RegionFormat.run(
                new PrintWriter(out),
                new PrintWriter(err),
                new RegionFormat.Request(path, Optional.ofNullable(name), force, caching));
    }
}
