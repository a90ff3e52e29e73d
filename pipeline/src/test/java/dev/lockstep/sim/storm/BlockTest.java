// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.board.SettingsDigest;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockTest {
    private final Block block = new Block();

    @Test
    void aTornWriteLeavesTheReportBefore() {
        block.write(report(1), 10);
        block.write(report(2), 20);
        block.tear(30);
        assertThat(block.now()).isEqualTo(new BlockReading.Good(report(2)));
        assertThat(block.isDamaged()).isFalse();
    }

    @Test
    void garbageOverTheNewestCopyShowsTheOneBefore() {
        block.write(report(1), 10);
        block.write(report(2), 20);
        block.garble(1, 30);
        block.garble(0, 30);
        assertThat(block.now()).isInstanceOf(BlockReading.Bad.class);
        assertThat(block.isDamaged()).isTrue();
    }

    @Test
    void aReadingThatBeganBeforeAWriteMayShowWhatWasThere() {
        block.write(report(1), 10);
        block.write(report(2), 20);
        assertThat(block.at(19)).isEqualTo(new BlockReading.Good(report(1)));
        assertThat(block.at(20)).isEqualTo(new BlockReading.Good(report(2)));
    }

    private static Report report(long seq) {
        return new Report(
                new RegionId("RED"),
                NodeNumber.of(1),
                new BootId(1, 1),
                new Generation(7),
                seq,
                new SettingsDigest(List.of(1)),
                false,
                Epoch.NONE,
                List.of(),
                List.of());
    }
}
