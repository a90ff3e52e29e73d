// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.Encoding;
import dev.lockstep.board.ReportSamples;
import dev.lockstep.domain.Generation;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegionDumpTest {
    @TempDir
    Path folder;

    private Path device;
    private Caching caching;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void makeARegionInUse() throws IOException {
        device = folder.resolve("region");
        caching = Trial.caching(folder);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        assertThat(RegionFormat.run(
                        nowhere,
                        nowhere,
                        new RegionFormat.Request(device, Optional.of(ReportSamples.REGION.name()), 0, caching)))
                .isZero();
        SlotCodec codec = new SlotCodec(512);
        ByteBuffer slot = ByteBuffer.allocate(512);
        try (DirectRegionDevice region = DirectRegionDevice.open(device, Access.READ_WRITE, caching)) {
            codec.encode(new SlotBlock(1700000000L, 3, new Generation(0xABCDL), 62000), slot, 0);
            region.writeSlot(3, slot);
            codec.encode(new SlotBlock(1700000001L, 9, Generation.NONE, 62000), slot, 0);
            region.writeSlot(4, slot);
            slot.put(100, (byte) 1);
            region.writeSlot(5, slot);
            region.writeBoardCopy(3, 0, ((Encoding.Fits) BoardCodec.encode(ReportSamples.rich(3, 17), 32768)).bytes());
        }
    }

    @Test
    void showsSlotsAndReportsToPeople() {
        assertThat(dump(false, Optional.empty())).isZero();

        assertThat(out.toString().lines())
                .contains(
                        "region  " + ReportSamples.REGION + " (raw)",
                        "slots   255 from byte 1048576 (start_block 2048)",
                        "board   255 blocks of 65536 bytes from byte 2097152",
                        "   3  1700000000     3  000000000000abcd    62000  ok",
                        "   4  1700000001    9!  left                62000  ok",
                        "   5  -              -  -                       -  bad")
                .anyMatch(line -> line.startsWith("report of node 3: seq 17, boot 11223344-5566-7788-99aa"))
                .anyMatch(line -> line.contains("lockspace gfs\\xe9 STOPPED epoch 43"))
                .anyMatch(line -> line.contains("evicts node 254") && line.endsWith("FENCED"));
    }

    @Test
    void showsTheSameToPrograms() throws IOException {
        assertThat(dump(true, Optional.empty())).isZero();

        String json = out.toString();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME) {
                    assertThat(parser.getText())
                            .as("as the other commands name fields")
                            .matches("[a-z][a-zA-Z]*");
                }
            }
        }
        assertThat(json)
                .startsWith("{\"schema\":1,\"device\":")
                .contains(
                        "\"slot\":3,\"valid\":true,\"seq\":1700000000,\"node\":3,\"generation\":\"000000000000abcd\"",
                        "{\"slot\":5,\"valid\":false}",
                        "\"kind\":\"RAW\",\"slotBytes\":512,\"startBlock\":2048",
                        "\"name\":\"clvmd\",\"phase\":\"STARTED\",\"epoch\":42",
                        "\"nodes\":[0,1,254]");
    }

    @Test
    void showsAKernelsRegionByItsNumbers() {
        assertThat(dump(false, Optional.of(new RegionDump.Place(2048, 4)))).isZero();

        assertThat(out.toString().lines())
                .contains("board   none", "   3  1700000000     3  000000000000abcd    62000  ok")
                .noneMatch(line -> line.startsWith("   4"));
    }

    @Test
    void saysWhatIsWrongWithABlock() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "rw")) {
            file.seek((2 << 20) + 3 * 65536 + 70);
            file.write(0x77);
            file.seek((2 << 20) + 3 * 65536 + 32768);
            file.write(new byte[64]);
        }

        assertThat(dump(false, Optional.empty())).isZero();
        assertThat(out.toString())
                .contains("block of node 3 is bad: copy 0: checksum does not match; copy 1: no board was written here");
    }

    @Test
    void whatCannotBeShownIsSaid() throws IOException {
        assertThat(dump(false, Optional.of(new RegionDump.Place(0, 255)))).isEqualTo(64);
        assertThat(dump(false, Optional.of(new RegionDump.Place(1L << 40, 255))))
                .isEqualTo(64);
        Files.delete(device);
        assertThat(dump(false, Optional.empty())).isEqualTo(64);
        assertThat(err.toString()).contains("open " + device + ": no such file (ENOENT)");
        Files.write(device, new byte[1 << 20]);
        assertThat(dump(false, Optional.empty())).isEqualTo(64);
        assertThat(out.toString()).isEmpty();
    }

    private int dump(boolean json, Optional<RegionDump.Place> place) {
        return RegionDump.run(
                new PrintWriter(out), new PrintWriter(err), new RegionDump.Request(device, place, json, caching));
    }
}
