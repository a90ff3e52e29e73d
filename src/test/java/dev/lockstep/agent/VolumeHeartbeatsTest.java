// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.core.Core;
import dev.lockstep.core.Guards;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.flow.RegionChange;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.region.DirectRegionDevice;
import dev.lockstep.region.RegionLayout;
import dev.lockstep.region.VolumeTree;
import dev.lockstep.testing.Warnings;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Between the real core and a kernel that only keeps a list. */
final class VolumeHeartbeatsTest implements KernelHeartbeat, VolumeHeartbeats.Announcer {
    private static final LockspaceName MOUNT = new LockspaceName(VolumeTree.UUID.name());

    @TempDir
    Path folder;

    private final SortedMap<RegionId, Found> running = new TreeMap<>();
    private final List<String> journal = new ArrayList<>();
    private final List<Evidence> told = new ArrayList<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private boolean kernelRefuses;
    private @Nullable RuntimeException bug;
    private @Nullable String cannotList;
    private @Nullable String cannotStop;

    /** What happens while the number is watched. */
    private Runnable meanwhile = () -> {};

    private long nowNs = 1;
    private VolumeTree tree;
    private State state = Core.initial(new ClusterFacts(
            NodeNumber.of(1),
            new BootId(1, 1),
            new TreeSet<>(List.of(NodeNumber.of(1))),
            0,
            6,
            2_000_000_000L,
            0,
            new SettingsDigest(List.of(1)),
            Guards.NONE,
            FenceMode.SELF));
    private VolumeHeartbeats heartbeats;

    @BeforeEach
    void start() throws IOException {
        tree = new VolumeTree(folder);
        tree.device("sda");
        heartbeats = new VolumeHeartbeats(
                this,
                tree.search(),
                new NumberWatch(NodeNumber.of(1), Duration.ofSeconds(2), () -> nowNs, pause -> {
                    nowNs += pause.toNanos();
                    meanwhile.run();
                }),
                this,
                () -> state,
                this::hear,
                () -> nowNs,
                work::add);
        hear(new Evidence.Started(nowNs, Memory.blank(), KernelSnapshot.empty()));
        told.clear();
    }

    @Test
    void startsTheRegionOfAMountAndStopsItAfterTheCoreHasGivenItUp() throws IOException {
        Path volume = tree.volumeWithBoard("sdb");
        mount();
        heartbeats.look();
        heartbeats.look();
        assertThat(work).hasSize(1);
        doTheWork();
        assertThat(journal).containsExactly("start " + VolumeTree.UUID + " on " + volume);
        found(false);
        heartbeats.look();
        doTheWork();
        assertThat(journal).hasSize(1);

        unmount();
        heartbeats.look();
        assertThat(told).last().isInstanceOf(Evidence.RegionUnneeded.class);
        assertThat(journal).as("asked first, not stopped at once").hasSize(1);
        heartbeats.look();
        doTheWork();
        assertThat(journal).last().isEqualTo("stop " + VolumeTree.UUID);
        heartbeats.look();
        assertThat(work).isEmpty();
    }

    @Test
    void aMountThatComesBackBeforeTheStopGetsItsRegionAnnouncedAgain() throws IOException {
        startsAndIsNotNeededAnyMore();
        mount();
        heartbeats.look();
        doTheWork();

        assertThat(journal).last().isEqualTo("announce " + VolumeTree.UUID);
        assertThat(running).containsKey(VolumeTree.UUID);
    }

    @Test
    void aRegionThatItDidNotStartIsNotStopped() throws IOException {
        tree.volumeWithBoard("sdb");
        running.put(VolumeTree.UUID, new Found(folder, RegionLayout.explicit(VolumeTree.UUID, 512, 2184, 255)));
        found(false);
        mount();
        heartbeats.look();
        unmount();
        heartbeats.look();
        heartbeats.look();
        doTheWork();

        assertThat(journal).isEmpty();
    }

    @Test
    void aRegionThatSomebodyElseStartedMeanwhileIsNotStopped() throws IOException {
        tree.volumeWithBoard("sdb");
        mount();
        heartbeats.look();
        running.put(VolumeTree.UUID, new Found(folder, RegionLayout.explicit(VolumeTree.UUID, 512, 2184, 255)));
        doTheWork();
        found(false);
        journal.clear();
        unmount();
        for (int looks = 0; looks < 3; looks++) {
            heartbeats.look();
            doTheWork();
        }

        assertThat(journal).isEmpty();
    }

    @Test
    void aRegionOfTheSettingsIsNotItsToStartOrToStop() throws IOException {
        tree.volumeWithBoard("sdb");
        found(true);
        mount();
        heartbeats.look();
        doTheWork();
        assertThat(journal).isEmpty();

        running.put(VolumeTree.UUID, new Found(folder, RegionLayout.explicit(VolumeTree.UUID, 512, 2184, 255)));
        unmount();
        heartbeats.look();
        doTheWork();
        assertThat(journal).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void aRegionOfTheSettingsThatSomebodyStoppedIsStartedForAMount() throws IOException {
        tree.volumeWithBoard("sdb");
        found(true);
        hear(new Evidence.RegionGone(nowNs, VolumeTree.UUID, "its directory is gone"));
        mount();
        heartbeats.look();
        doTheWork();
        assertThat(journal).singleElement().asString().startsWith("start ");
    }

    /** It took the search for the volume as long as the settings' region to be found on it. */
    @Test
    void aRegionOfTheSettingsThatItStartedIsNotStopped() throws IOException {
        tree.volumeWithBoard("sdb");
        mount();
        heartbeats.look();
        doTheWork();
        found(true);
        unmount();
        for (int looks = 0; looks < 3; looks++) {
            heartbeats.look();
            doTheWork();
        }

        assertThat(journal).singleElement().asString().startsWith("start ");
        assertThat(state.regions())
                .hasEntrySatisfying(
                        VolumeTree.UUID, region -> assertThat(region.present()).isTrue());
    }

    @Test
    void aVolumeThatNoDeviceCarriesIsToldOncePerMount() throws IOException {
        for (int mounts = 0; mounts < 2; mounts++) {
            told.clear();
            mount();
            heartbeats.look();
            doTheWork();
            heartbeats.look();
            assertThat(work).isEmpty();
            assertThat(told)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Evidence.RegionMissing.class,
                            missing -> assertThat(missing.why()).contains("no block device carries"));
            unmount();
            heartbeats.look();
            assertThat(state.regions()).isEmpty();
        }
    }

    @Test
    void aBeatThatMayBeThisMachinesOwnIsToldAsNoOtherMachines() throws IOException {
        Path volume = tree.volumeWithBoard("sdb");
        mount();
        heartbeats.look();
        cannotList = "list /sys/kernel/config/cluster: EIO";
        meanwhile = () -> beat(volume);
        doTheWork();

        assertThat(journal).isEmpty();
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        Evidence.RegionMissing.class,
                        missing -> assertThat(missing.why())
                                .endsWith("it cannot be told whether this machine beats there: " + cannotList));
    }

    @Test
    void regionsThatCannotBeListedAreToldOnceForEachReason() {
        mount();

        assertThat(Warnings.of(VolumeHeartbeats.class, () -> {
                    for (String why : new String[] {"EIO", "EIO", "ENOENT", "ENOENT", null, "ENOENT"}) {
                        cannotList = why;
                        heartbeats.look();
                    }
                }))
                .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .containsExactly("EIO", "ENOENT", "ENOENT");
    }

    private void startsAndIsNotNeededAnyMore() throws IOException {
        tree.volumeWithBoard("sdb");
        mount();
        heartbeats.look();
        doTheWork();
        found(false);
        unmount();
        heartbeats.look();
    }

    @Test
    void aRegionThatCannotBeStoppedIsToldOnceForEachReason() throws IOException {
        startsAndIsNotNeededAnyMore();
        cannotStop = "EBUSY";

        assertThat(Warnings.of(VolumeHeartbeats.class, () -> {
                    for (int looks = 0; looks < 3; looks++) {
                        heartbeats.look();
                        doTheWork();
                    }
                }))
                .containsExactly("Region " + VolumeTree.UUID + " is not stopped: EBUSY");
        assertThat(running).containsKey(VolumeTree.UUID);
    }

    @Test
    void aKernelThatRefusesIsToldWithItsReason() throws IOException {
        tree.volumeWithBoard("sdb");
        kernelRefuses = true;
        mount();
        heartbeats.look();
        doTheWork();

        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        Evidence.RegionMissing.class,
                        missing -> assertThat(missing.why()).isEqualTo("EIO"));
    }

    @Test
    void aBugInAStartIsToldTooAndNobodyWaitsWithoutAWord() throws IOException {
        tree.volumeWithBoard("sdb");
        bug = new IllegalStateException("a bug");
        mount();
        heartbeats.look();
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger logger = (Logger) LoggerFactory.getLogger(VolumeHeartbeats.class);
        logger.addAppender(logged);
        try {
            doTheWork();
        } finally {
            logger.detachAppender(logged);
        }

        assertThat(logged.list)
                .as("with the trace that shows where it is")
                .filteredOn(line -> line.getLevel() == Level.ERROR)
                .singleElement()
                .satisfies(line ->
                        assertThat(line.getThrowableProxy().getMessage()).isEqualTo("a bug"));
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        Evidence.RegionMissing.class,
                        missing -> assertThat(missing.why()).isEqualTo("a bug"));
    }

    private void found(boolean named) {
        hear(new Evidence.RegionFound(nowNs, VolumeTree.UUID, named, Integer.MAX_VALUE, ""));
        told.clear();
    }

    private void mount() {
        hear(new Evidence.UeventReceived(nowNs, new Uevent(Uevent.Action.ONLINE, MOUNT)));
        told.clear();
    }

    /** Or a mount that was refused: the lockspace is gone. */
    private void unmount() {
        Mutation refusal = new Mutation.Answer(MOUNT, Uevent.Action.ONLINE, -19);
        hear(new Evidence.Dispatched(nowNs, refusal));
        hear(new Evidence.UeventReceived(nowNs, new Uevent(Uevent.Action.REMOVE, MOUNT)));
        hear(new Evidence.Applied(nowNs, refusal, Outcome.Done.DONE));
        told.clear();
    }

    private void hear(Evidence evidence) {
        told.add(evidence);
        state = Core.observe(state, evidence).state();
    }

    private void beat(Path volume) {
        try (DirectRegionDevice device = DirectRegionDevice.open(volume, Access.READ_WRITE, Caching.BUFFERED)) {
            device.writeSlot(1, ByteBuffer.allocate(device.slotBytes()).putLong(0, nowNs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void doTheWork() {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    @Override
    public void check() {
        // nothing was set up
    }

    @Override
    public void register() {}

    @Override
    public Optional<String> registration() {
        return Optional.empty();
    }

    @Override
    public boolean start(RegionLayout region, Path device) throws IOException {
        if (bug != null) {
            throw bug;
        }
        if (kernelRefuses) {
            throw new IOException("EIO");
        }
        journal.add("start " + region.name() + " on " + device);
        return running.put(region.name(), new Found(device, region)) == null;
    }

    @Override
    public void stop(RegionId region) throws IOException {
        if (cannotStop != null) {
            throw new IOException(cannotStop);
        }
        journal.add("stop " + region);
        running.remove(region);
    }

    @Override
    public SortedMap<RegionId, Found> regions() throws IOException {
        if (cannotList != null) {
            throw new IOException(cannotList);
        }
        return new TreeMap<>(running);
    }

    @Override
    public RegionChange.Opener opener(RegionLayout layout, Path device) {
        return () -> DirectRegionDevice.open(device, layout, Access.READ, Caching.BUFFERED);
    }

    @Override
    public void announceAgain(RegionId region) {
        journal.add("announce " + region);
        hear(new Evidence.RegionFound(nowNs, region, false, Integer.MAX_VALUE, ""));
    }
}
