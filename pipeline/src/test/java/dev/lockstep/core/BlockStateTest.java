// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockStateTest {

    private static final NodeNumber TWO = NodeNumber.of(2);

    @Test
    void aReportOlderThanTheLastOneIsNoNewsAndNoReading() {
        BlockState block = read(read(BlockState.UNREAD, good(1, 7), 10), good(1, 6), 20);
        assertThat(block.report()).contains(report(Solo.R, 1, 7));
        assertThat(block.readStartedNs()).isEqualTo(10);
        assertThat(block.trouble()).contains("went back");
    }

    @Test
    void aBadCopyAndAForeignReportAreNoNews() {
        BlockState block = read(BlockState.UNREAD, good(1, 7), 10);
        for (BlockReading no : List.of(
                new BlockReading.Bad("torn"), new BlockReading.Good(report(Solo.S, 1, 8)), new BlockReading.Vacant())) {
            BlockState after = read(block, no, 20);
            assertThat(after.report()).contains(report(Solo.R, 1, 7));
            assertThat(after.readStartedNs()).isEqualTo(10);
            assertThat(after.badReads()).isEqualTo(1);
        }
    }

    @Test
    void aBadCopyIsNoReadingOfABlockNeverReadBefore() {
        assertThat(read(BlockState.UNREAD, new BlockReading.Bad("torn"), 10).read())
                .isFalse();
        assertThat(read(BlockState.UNREAD, new BlockReading.Vacant(), 10).read())
                .isTrue();
    }

    @Test
    void aNewBootReplacesTheOldOne() {
        BlockState block = read(read(BlockState.UNREAD, good(1, 7), 10), good(2, 8), 20);
        assertThat(block.replaced()).contains(Solo.boot(2, 1));
        assertThat(block.bootSinceNs()).isEqualTo(21);
        assertThat(read(block, good(2, 9), 30).bootSinceNs()).isEqualTo(21);
    }

    @Test
    void aWipedBlockMayBeginToCountAnewUnderANewBootOnly() {
        BlockState wiped = read(read(BlockState.UNREAD, good(1, 7), 10), new BlockReading.Vacant(), 20);
        assertThat(read(wiped, good(1, 1), 30).report()).contains(report(Solo.R, 1, 7));
        BlockState anew = read(wiped, good(2, 1), 30);
        assertThat(anew.report()).contains(report(Solo.R, 2, 1));
        assertThat(anew.replaced()).contains(Solo.boot(2, 1));
        assertThat(read(read(BlockState.UNREAD, good(1, 7), 10), good(2, 1), 30).report())
                .contains(report(Solo.R, 1, 7));
    }

    private static BlockState read(BlockState before, BlockReading reading, long atNs) {
        return before.next(Solo.R, TWO, reading, atNs, atNs + 1);
    }

    private static BlockReading good(int life, long seq) {
        return new BlockReading.Good(report(Solo.R, life, seq));
    }

    private static Report report(RegionId region, int life, long seq) {
        return new Report(
                region,
                TWO,
                Solo.boot(2, life),
                Solo.generation(2, life),
                seq,
                Solo.settings(),
                false,
                Epoch.NONE,
                List.of(),
                List.of());
    }
}
