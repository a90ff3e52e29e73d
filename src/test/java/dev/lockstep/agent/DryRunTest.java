// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lockstep.config.InvalidSettings;
import dev.lockstep.config.Settings;
import dev.lockstep.config.SettingsLoader;
import dev.lockstep.config.Sources;
import dev.lockstep.domain.RegionId;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.region.DeviceProbes;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** On a kernel that must not be touched. */
final class DryRunTest {
    private static final RegionId REGION = new RegionId("R1");
    private static final Path DEVICE = Path.of("/dev/vdb");
    private static final RegionLayout LAYOUT = RegionLayout.explicit(REGION, 512, 2048, 255);

    private final Logger logger = (Logger) LoggerFactory.getLogger(DryRun.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final ListedHeartbeats kernel = new ListedHeartbeats();
    private final DryRun.Heartbeat heartbeat = new DryRun.Heartbeat(kernel);

    @BeforeEach
    void listen() {
        logged.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    private List<String> lines() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private Regions dry(String... lines) throws InvalidSettings {
        Map<String, String> flags = new TreeMap<>(Map.of("nodes", "[{number=1,name=a,address=10.0.0.1}]"));
        for (String line : lines) {
            flags.put(line.split("=", 2)[0], line.split("=", 2)[1]);
        }
        Settings settings = SettingsLoader.load(
                        new Sources(flags, Map.of("LOCKSTEP_CONFIG", "/dev/null"), Optional.empty(), "a"))
                .settings();
        NumberWatch watch =
                new NumberWatch(settings.self().number(), Duration.ofSeconds(2), () -> 1_000_000_000L, pause -> {});
        return new Regions(settings, heartbeat, watch, new DeviceProbes(Duration.ofMinutes(1)), true);
    }

    @Test
    void tellsARegistrationThatIsMissing() throws IOException {
        heartbeat.register();
        assertThat(lines()).as("nothing to do").isEmpty();

        kernel.registration = Optional.of("register with O2CB cluster web");
        heartbeat.register();

        assertThat(lines()).containsExactly("would do: register with O2CB cluster web");
    }

    @Test
    void tellsTheRegionOfTheSettingsThatItWouldStart() throws InvalidSettings {
        try (Regions regions = dry()) {
            regions.start(LAYOUT, DEVICE);
        }

        assertThat(lines()).containsExactly("would do: start the heartbeat in region R1 on /dev/vdb");
    }

    @Test
    void tellsNoStartWhereTheKernelBeatsOrSomebodyElseStarts() throws InvalidSettings {
        try (Regions regions = dry("o2cb.setup=false")) {
            regions.start(LAYOUT, DEVICE);
        }
        kernel.running.put(REGION, new KernelHeartbeat.Found(DEVICE, LAYOUT));
        try (Regions regions = dry()) {
            regions.start(LAYOUT, DEVICE);
        }

        assertThat(lines()).isEmpty();
    }

    /** A start that waits for something looks again before each try. */
    @Test
    void findsWhatTheKernelBeatsInEachTimeItIsAsked() throws InvalidSettings, NumberInUse, IOException {
        kernel.running.put(REGION, new KernelHeartbeat.Found(Path.of("/nonexistent/vdb"), LAYOUT));
        try (Regions regions = dry()) {
            for (int looks = 0; looks < 2; looks++) {
                assertThat(regions.atStart())
                        .extracting(RegionChange.Attached::region)
                        .containsExactly(REGION);
            }
            kernel.running.clear();
            assertThat(regions.atStart()).isEmpty();
            assertThat(regions.count()).isZero();
        }
    }

    /** Taken for none, they would have left this node's lockspaces behind, and it would have to go. */
    @Test
    void startsNothingWhereTheKernelsRegionsCannotBeListed() throws InvalidSettings {
        kernel.unlisted = Optional.of("EMFILE");
        try (Regions regions = dry()) {
            assertThatThrownBy(regions::atStart).isInstanceOf(IOException.class).hasMessage("EMFILE");
        }
    }

    @Test
    void tellsTheRegionOfAVolumeAndSaysThatItDoesNotRun() {
        assertThatThrownBy(() -> heartbeat.start(LAYOUT, DEVICE)).hasMessage("this is a dry run");
        assertThatThrownBy(() -> heartbeat.stop(REGION)).hasMessage("this is a dry run");

        assertThat(lines())
                .containsExactly(
                        "would do: start the heartbeat in region R1 on /dev/vdb",
                        "would do: stop the heartbeat in region R1");
    }
}
