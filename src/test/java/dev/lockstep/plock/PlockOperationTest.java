// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.plock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlockOperationTest {
    @Test
    void readsEveryField() {
        byte[] bytes = operation(1, 1, 1, 1, 0);

        assertThat(PlockOperation.parse(bytes))
                .isEqualTo(new PlockOperation(
                        PlockOperation.Type.LOCK, true, true, false, 4711, 0x6ce2339d, 77, 5, -1, -4096));
    }

    @ParameterizedTest
    @CsvSource({"1,0,true", "1,1,true", "2,0,true", "2,1,false", "3,0,true", "4,0,true"})
    void onlyTheUnlockOfAClosedFileWantsNoAnswer(int type, int flags, boolean wanted) {
        assertThat(PlockOperation.parse(operation(1, type, 0, 0, flags)).wantsAnswer())
                .isEqualTo(wanted);
    }

    @Test
    void anAnswerIsTheOperationWithAResult() {
        byte[] bytes = operation(1, 1, 1, 0, 0);

        byte[] answer = PlockOperation.answer(bytes, -38);

        assertThat(ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()).getInt(24))
                .isEqualTo(-38);
        Arrays.fill(answer, 24, 28, (byte) 0);
        assertThat(answer).isEqualTo(bytes);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> PlockOperation.parse(new byte[63])).hasMessageContaining("63");
        assertThatThrownBy(() -> PlockOperation.parse(operation(2, 1, 0, 0, 0))).hasMessageContaining("version 2");
        assertThatThrownBy(() -> PlockOperation.parse(operation(1, 5, 0, 0, 0))).hasMessageContaining("operation 5");
        assertThatThrownBy(() -> PlockOperation.parse(operation(1, 0, 0, 0, 0))).hasMessageContaining("operation 0");
    }

    static byte[] operation(int major, int type, int ex, int waits, int flags) {
        ByteBuffer b = ByteBuffer.allocate(PlockOperation.BYTES).order(ByteOrder.nativeOrder());
        b.putInt(major).putInt(2).putInt(0);
        b.put((byte) type).put((byte) ex).put((byte) waits).put((byte) flags);
        b.putInt(4711).putInt(0).putInt(0).putInt(0x6ce2339d);
        b.putLong(77).putLong(5).putLong(-1).putLong(-4096);
        return b.array();
    }
}
