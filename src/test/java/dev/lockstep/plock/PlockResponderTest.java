// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.plock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.nativeio.DevicePair;
import dev.lockstep.nativeio.NativeFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One end of a pair of message sockets stands for the device, the test plays the kernel at the other. */
class PlockResponderTest {

    @Test
    void refusesEveryOperationInItsOrderAndKeepsQuietWhereNoAnswerIsExpected() throws NativeFailure {
        try (DevicePair pair = DevicePair.open();
                PlockResponder responder = PlockResponder.start(pair.device(), id -> Optional.empty())) {
            assertThat(responder).isNotNull();
            byte[] lock = PlockOperationTest.operation(1, 1, 1, 1, 0);
            byte[] closing = PlockOperationTest.operation(1, 2, 0, 0, 1);
            byte[] strange = PlockOperationTest.operation(9, 1, 0, 0, 0);
            byte[] get = PlockOperationTest.operation(1, 3, 0, 0, 0);
            byte[] cancel = PlockOperationTest.operation(1, 4, 0, 0, 0);
            List.of(lock, closing, strange, get, cancel).forEach(pair::kernelSends);

            assertThat(pair.kernelReceives()).isEqualTo(PlockOperation.answer(lock, -38));
            assertThat(pair.kernelReceives()).isEqualTo(PlockOperation.answer(get, -38));
            assertThat(pair.kernelReceives()).isEqualTo(PlockOperation.answer(cancel, -2));
        }
    }

    @Test
    void aMissingDeviceIsAnError() {
        assertThatThrownBy(() -> PlockResponder.start(List.of(Path.of("/none")), id -> Optional.empty()))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("/none");
    }
}
