// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.runtime.AgentLock;
import dev.lockstep.testing.Warnings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FormerAgentTest {
    @TempDir
    Path runtime;

    private final List<String> waitedFor = new ArrayList<>();
    private int pauses;

    @Test
    void anAgentThatIsStillThereIsWaitedForAndThatIsToldOnce() throws IOException {
        AgentLock former = AgentLock.tryAcquire(runtime).orElseThrow();

        assertThat(Warnings.of(
                        FormerAgent.class,
                        () -> await(() -> {
                            if (++pauses == 3) {
                                former.close();
                            }
                        })))
                .singleElement()
                .asString()
                .endsWith("waiting for it to end");
        assertThat(pauses).isEqualTo(3);
        assertThat(waitedFor).containsExactly("the end of the agent before, which is alive or still inside the kernel");
    }

    @Test
    void nothingIsToldWhereNobodyWasBefore() {
        assertThat(Warnings.of(FormerAgent.class, () -> await(() -> pauses++))).isEmpty();
        assertThat(pauses).isZero();
        assertThat(waitedFor).isEmpty();
    }

    private void await(Runnable pause) {
        try (AgentLock own = FormerAgent.awaitEnd(runtime, waitedFor::add, pause)) {
            assertThat(own).isNotNull();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
