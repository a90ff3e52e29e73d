// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeNumberTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 253, 254})
    void acceptsWhatO2nmAccepts(int value) {
        assertThat(new NodeNumber(value).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 255, 256, Integer.MAX_VALUE})
    void refusesWhatO2nmRefuses(int value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeNumber(value))
                .withMessageContaining(Integer.toString(value));
    }

    @Test
    void readsBackItsOwnText() {
        for (int value = NodeNumber.MIN; value <= NodeNumber.MAX; value++) {
            NodeNumber node = new NodeNumber(value);
            assertThat(NodeNumber.parse(node.toString())).isEqualTo(node);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1 ",
                " 1",
                "1\n",
                "01",
                "00",
                "0x1",
                "1.0",
                "٣",
                "255",
                "1000",
                "99999999999"
            })
    void refusesTextThatMightBeAnotherNode(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> NodeNumber.parse(text));
    }

    @Test
    void ordersByNumber() {
        assertThat(new NodeNumber(9)).isLessThan(new NodeNumber(10));
    }
}
