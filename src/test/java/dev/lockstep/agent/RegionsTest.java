// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.config.InvalidSettings;
import dev.lockstep.config.Settings;
import dev.lockstep.config.SettingsLoader;
import dev.lockstep.config.Sources;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.region.DeviceProbes;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** On devices that answer as the test wants, and a kernel that only keeps a list. */
final class RegionsTest {
    private static final RegionId NAMED = new RegionId("N1");
    private static final RegionId NAMED_TOO = new RegionId("N2");
    private static final RegionId KERNELS = new RegionId("K1");

    private static final Map<Path, RegionLayout> ON_DEVICES = Map.of(
            Path.of("/dev/n1"), RegionLayout.explicit(NAMED, 512, 2048, 255),
            Path.of("/dev/n2"), RegionLayout.explicit(NAMED_TOO, 512, 2048, 255),
            Path.of("/dev/k1"), RegionLayout.explicit(KERNELS, 512, 2048, 255));

    private final ListedHeartbeats kernel = new ListedHeartbeats();

    private Regions regions(DeviceProbes.Look<Optional<RegionLayout>> probe) throws InvalidSettings {
        Map<String, String> flags = Map.of(
                "nodes", "[{number=1,name=a,address=10.0.0.1}]",
                "regions", "[{device=/dev/n1},{device=/dev/n2}]");
        Settings settings = SettingsLoader.load(
                        new Sources(flags, Map.of("LOCKSTEP_CONFIG", "/dev/null"), Optional.empty(), "a"))
                .settings();
        NumberWatch watch =
                new NumberWatch(settings.self().number(), Duration.ofSeconds(2), () -> 1_000_000_000L, pause -> {});
        DeviceProbes probes = new DeviceProbes(Duration.ofMinutes(1));
        RegionFinder finder = new RegionFinder(probes, settings.heartbeatPeriod(), Access.READ, probe);
        return new Regions(settings, kernel, watch, finder, true);
    }

    private static Optional<RegionLayout> onDevice(Path device) {
        return Optional.ofNullable(ON_DEVICES.get(device));
    }

    private void beatIn(RegionId region, String device) {
        kernel.running.put(
                region, new KernelHeartbeat.Found(Path.of(device), RegionLayout.explicit(region, 512, 2048, 255)));
    }

    /** One after another, each that hangs would hold up the start for as long as a look may take. */
    @Test
    void looksAtAllDevicesAtOnceThoseTheKernelBeatsInAmongThem() throws Exception {
        beatIn(KERNELS, "/dev/k1");
        CountDownLatch looks = new CountDownLatch(ON_DEVICES.size());
        try (Regions regions = regions(device -> {
            looks.countDown();
            awaitAll(looks);
            return onDevice(device);
        })) {
            assertThat(regions.atStart())
                    .extracting(RegionChange.Attached::region)
                    .containsExactly(NAMED, NAMED_TOO, KERNELS);
        }
    }

    /** Made up, its slots were read where there are none. */
    @Test
    void announcesARegionAgainByWhatTheKernelListsAndOtherwiseNot() throws Exception {
        beatIn(KERNELS, "/dev/k1");
        try (Regions regions = regions(RegionsTest::onDevice)) {
            regions.atStart();
            List<RegionChange> announced = new ArrayList<>();
            regions.changes().subscribe(announced::add);

            kernel.unlisted = Optional.of("EMFILE");
            regions.announceAgain(KERNELS);
            assertThat(announced).isEmpty();

            kernel.unlisted = Optional.empty();
            regions.announceAgain(NAMED);
            assertThat(announced).as("the kernel does not beat there").isEmpty();
            regions.announceAgain(KERNELS);
            assertThat(announced).extracting(RegionChange::region).containsExactly(KERNELS);
        }
    }

    private static void awaitAll(CountDownLatch looks) throws IOException {
        try {
            looks.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
