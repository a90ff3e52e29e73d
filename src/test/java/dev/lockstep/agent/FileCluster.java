// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.region.RegionFormat;
import dev.lockstep.sim.SimDlmFabric;
import dev.lockstep.sim.SimNetwork;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Two nodes on region files, in virtual time, with simulated kernels; asked through their control sockets, as a person
 * asks. Lockspaces that begin with {@code a} are guarded by {@link #RED}, those with {@code b} by {@link #BLUE}.
 */
final class FileCluster implements AutoCloseable {
    static final String RED = "5ED00000000000000000000000000001";
    static final String BLUE = "B1E00000000000000000000000000002";

    /** Where a region of RegionFormat has its slots and its board blocks, see RegionHeader. */
    static final long SLOTS_AT = 1 << 20;

    static final long BOARD_AT = 2 << 20;
    static final int SLOT_BYTES = 512;
    static final int BLOCK_BYTES = 65536;

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final SimNetwork network = new SimNetwork();
    final Path folder;
    final Path red;
    final Path blue;
    final List<Mutation> mutations = new ArrayList<>();
    private final SimDlmFabric fabric = new SimDlmFabric(0);
    private final List<FileNode> nodes = new ArrayList<>();
    private long lives;

    FileCluster(Path folder) throws IOException {
        this.folder = folder;
        red = format("red", RED);
        blue = format("blue", BLUE);
    }

    private Path format(String name, String region) throws IOException {
        Path file = folder.resolve(name + ".img");
        StringWriter refusal = new StringWriter();
        int status = RegionFormat.run(
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(refusal),
                new RegionFormat.Request(file, Optional.of(region), 0, Caching.BUFFERED));
        assertThat(status).as(refusal.toString()).isZero();
        return file;
    }

    /** Boots a node on the cluster's own disks. */
    FileNode boot(int number, String... settings) throws Exception {
        return boot(fabric, red, number, settings);
    }

    /** Boots a node that has another disk where the others have red, or is a machine that should not be there. */
    FileNode boot(SimDlmFabric itsFabric, Path itsRed, int number, String... settings) throws Exception {
        lives++;
        FileNode node = new FileNode(this, itsFabric, itsRed, number, new BootId(number, lives), settings);
        nodes.add(node);
        return node;
    }

    long nowNs() {
        return time.now(TimeUnit.NANOSECONDS) + 1_000_000_000L;
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    /** Lets time pass until {@code condition} holds. */
    void within(Duration atMost, BooleanSupplier condition, FileNode asked) {
        long endNs = nowNs() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(nowNs()).as("%s", asked.status()).isLessThan(endNs);
            time.advanceTimeBy(Duration.ofMillis(10));
        }
    }

    void runsOn(String lockspace, Integer... numbers) {
        SortedSet<NodeNumber> wanted = new TreeSet<>();
        for (int number : numbers) {
            wanted.add(NodeNumber.of(number));
        }
        within(Duration.ofSeconds(60), () -> fabric.runsOn(new LockspaceName(lockspace), wanted), nodes.get(0));
        assertThat(fabric.violations()).isEmpty();
    }

    /** Joins a lockspace on nodes 1 and 2 and forgets what it took. */
    void runsOnBoth(String lockspace) {
        nodes.get(0).create(lockspace);
        nodes.get(1).create(lockspace);
        runsOn(lockspace, 1, 2);
    }

    /** {@return lockspaces stopped on any node since the last call} */
    List<String> stopped() {
        List<String> names = mutations.stream()
                .filter(m -> m instanceof Mutation.Stop)
                .map(m -> m.lockspace().orElseThrow().toString())
                .toList();
        mutations.clear();
        return names;
    }

    /** Writes over a disk, whatever is there. */
    static void write(Path disk, long at, byte[] bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(at);
            file.write(bytes);
        }
    }

    static byte[] read(Path disk, long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "r")) {
            file.seek(at);
            file.readFully(bytes);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        for (FileNode node : nodes) {
            node.close();
        }
        time.dispose();
    }
}
