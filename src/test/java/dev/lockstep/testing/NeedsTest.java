// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

final class NeedsTest {
    private static final Map<String, String> CI = Map.of("CI", "true");

    @Test
    void whatIsThereLetsTheTestRun() {
        assertThatCode(() -> Needs.of(true, "a thing", CI)).doesNotThrowAnyException();
        assertThatCode(() -> Needs.of(true, "a thing", Map.of())).doesNotThrowAnyException();
    }

    @Test
    void whatIsMissingSkipsTheTestOnADevelopersMachine() {
        assertThatThrownBy(() -> Needs.of(false, "a thing", Map.of()))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("needs a thing");
    }

    @Test
    void whatIsMissingFailsTheTestInCi() {
        assertThatThrownBy(() -> Needs.of(false, "a thing", CI))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a thing");
    }
}
