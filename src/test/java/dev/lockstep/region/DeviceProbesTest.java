// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DeviceProbesTest {
    private static final Path HUNG = Path.of("/dev/hung");
    private final DeviceProbes probes = new DeviceProbes(Duration.ofMillis(1));
    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicReference<Thread> reader = new AtomicReference<>();

    private String hang(Path device) throws IOException {
        reader.set(Thread.currentThread());
        try {
            answers.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return device.toString();
    }

    @Test
    void whatHangsIsGivenUpAndNotLookedAtAgainBeforeItIsOver() throws Exception {
        assertThatThrownBy(() -> probes.look(HUNG, this::hang))
                .isInstanceOf(IOException.class)
                .hasMessage("/dev/hung does not answer within 0 s");
        assertThatThrownBy(() -> probes.look(HUNG, device -> "another thread"))
                .isInstanceOf(IOException.class)
                .hasMessage("/dev/hung still does not answer");
        answers.countDown();
        Thread thread = reader.get();
        if (thread != null) { // it may not even have begun
            thread.join();
        }
    }

    @Test
    void anotherDeviceIsLookedAtMeanwhile() throws IOException {
        DeviceProbes patient = new DeviceProbes(Duration.ofMinutes(1));
        assertThatThrownBy(() -> probes.look(HUNG, this::hang)).isInstanceOf(IOException.class);
        assertThat(patient.look(Path.of("/dev/well"), Path::toString)).isEqualTo("/dev/well");
        answers.countDown();
    }

    @Test
    void whatIsWrongWithADeviceIsSaidAsItWasFound() {
        DeviceProbes patient = new DeviceProbes(Duration.ofMinutes(1));
        assertThatThrownBy(() -> patient.look(HUNG, device -> {
                    throw new UnusableRegion("two regions");
                }))
                .isInstanceOf(UnusableRegion.class)
                .hasMessage("two regions");
        assertThatThrownBy(() -> patient.look(HUNG, device -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a bug");
    }
}
