// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelLogTest {
    @Test
    void readsLinesWithALevelOrSaysThatItMayNot() {
        try {
            assertThat(KernelLog.read().lines()).allMatch(line -> line.startsWith("<"));
        } catch (NativeFailure e) {
            assertThat(e.errno().name()).isEqualTo("EPERM");
        }
    }
}
