// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnhandledTest {
    private final List<String> ends = new ArrayList<>();
    private final Unhandled unhandled = new Unhandled(() -> ends.add("ends"));

    @Test
    void aThreadThatDiesEndsTheAgent() throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    throw new NoClassDefFoundError("gone");
                },
                "test");
        thread.setUncaughtExceptionHandler(unhandled);
        thread.start();
        thread.join(30_000);

        assertThat(ends).containsExactly("ends");
        assertThat(unhandled.any()).isTrue();
    }

    @Test
    void withoutAnyTheAgentGoesOn() {
        assertThat(unhandled.any()).isFalse();
        assertThat(ends).isEmpty();
    }
}
