// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class AbiTest {
    /** _IOC_NONE, _IOC_READ and the bits for the size, from the left: 3, 13 on powerpc and 2, 14 elsewhere. */
    private static long request(int direction, int directionBits, int size, int number) {
        return (long) direction << (32 - directionBits) | (long) size << 16 | 0x12 << 8 | number;
    }

    @Test
    void powerpcHasItsOwnDirectionsInRequestsToDevices() {
        Abi abi = Abi.of("ppc64le");

        assertThat(abi.blksszget()).isEqualTo(request(1, 3, 0, 104));
        assertThat(abi.blkgetsize64()).isEqualTo(request(2, 3, 8, 114));
    }

    @Test
    void theOthersShareThem() {
        for (String arch : new String[] {"amd64", "aarch64", "s390x", "riscv64", "loongarch64"}) {
            assertThat(Abi.of(arch).blksszget()).as(arch).isEqualTo(request(0, 2, 0, 104));
            assertThat(Abi.of(arch).blkgetsize64()).as(arch).isEqualTo(request(2, 2, 8, 114));
        }
    }

    @Test
    void aProcessorWhoseConstantsAreNotKnownIsRefused() {
        assertThatThrownBy(() -> Abi.of("sparcv9")).hasMessageContaining("sparcv9");
    }
}
