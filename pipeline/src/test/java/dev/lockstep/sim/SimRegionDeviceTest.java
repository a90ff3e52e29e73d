// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.Encoding;
import dev.lockstep.board.Report;
import dev.lockstep.board.ReportSamples;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.port.RegionDeviceContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SimRegionDeviceTest implements RegionDeviceContract {
    private final SimDisk disk = SimDisk.formatted();

    @Override
    public RegionDevice open() {
        return disk.attach();
    }

    @Test
    void aTornReportLeavesTheOneBeforeIt() throws IOException {
        SimRegionDevice device = disk.attach();
        Report first = ReportSamples.rich(1, 1);
        device.writeBoardCopy(1, 0, bytes(first));
        device.tearNextWrite(1);

        assertThatThrownBy(() -> device.writeBoardCopy(1, 1, bytes(ReportSamples.crowded(1, 2, 20, 30))))
                .isInstanceOf(IOException.class);
        assertThat(BoardCodec.decode(device.readBoardBlock(1), NodeNumber.of(1)))
                .isEqualTo(new BlockReading.Good(first));
        device.writeBoardCopy(1, 1, bytes(ReportSamples.rich(1, 3)));
        assertThat(BoardCodec.decode(device.readBoardBlock(1), NodeNumber.of(1)))
                .isEqualTo(new BlockReading.Good(ReportSamples.rich(1, 3)));
    }

    @Test
    void faultsStrikeOnePathAndOneDirection() throws IOException {
        SimRegionDevice failing = disk.attach();
        SimRegionDevice healthy = disk.attach();
        failing.onReads(DiskFault.failing("EIO"));

        assertThatThrownBy(() -> failing.readSlots(failing.slotBuffer())).hasMessageContaining("EIO");
        failing.writeBoardCopy(1, 0, bytes(ReportSamples.rich(1, 1)));
        assertThat(BoardCodec.decode(healthy.readBoardBlock(1), NodeNumber.of(1)))
                .isEqualTo(new BlockReading.Good(ReportSamples.rich(1, 1)));
        failing.onReads(DiskFault.NONE);
        failing.readSlots(failing.slotBuffer());
    }

    @Test
    void aHungWriteCompletesWhenThePathComesBack() throws Exception {
        SimRegionDevice device = disk.attach();
        HungDisk hung = new HungDisk();
        device.onWrites(hung);
        CompletableFuture<Void> write = CompletableFuture.runAsync(() -> {
            try {
                device.writeBoardCopy(1, 0, bytes(ReportSamples.rich(1, 1)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        hung.awaitStruck();

        assertThat(BoardCodec.decode(device.readBoardBlock(1), NodeNumber.of(1)))
                .isEqualTo(new BlockReading.Vacant());
        hung.release();
        write.join();
        assertThat(BoardCodec.decode(device.readBoardBlock(1), NodeNumber.of(1)))
                .isEqualTo(new BlockReading.Good(ReportSamples.rich(1, 1)));
    }

    private static ByteBuffer bytes(Report report) {
        return ((Encoding.Fits) BoardCodec.encode(report, 2048)).bytes();
    }
}
