// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.KernelValue;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads O2CB's configfs. Any thread; a node or a region that goes away while it is read is left out. What cannot be
 * seen is not gone: O2CB beats on when configfs is unmounted.
 */
public final class O2cbReader {
    /** Where the kernel has it. */
    public static final String CONFIGFS = "/sys/kernel/config/cluster";

    private static final Logger LOG = LoggerFactory.getLogger(O2cbReader.class);

    private final KernelTree tree;
    private final String root;

    /** Directories that were told to be left out. */
    private final Set<String> unusable = ConcurrentHashMap.newKeySet();

    /** Whether the last look that saw the root saw a cluster: only without one can the module go, and the root. */
    private volatile boolean hasCluster;

    /**
     * @param tree how files are reached
     * @param root O2CB's configfs subsystem, {@link #CONFIGFS}
     */
    public O2cbReader(KernelTree tree, String root) {
        this.tree = tree;
        this.root = root;
    }

    /**
     * Reads everything.
     *
     * @return empty if O2CB is not loaded or has no cluster
     * @throws IOException if something cannot be read, or reads as it should not, or a cluster was there and the root
     *     is not any more
     */
    public Optional<O2cbState> read() throws IOException {
        SortedSet<String> clusters;
        try {
            clusters = tree.directories(root);
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT) && !hasCluster) {
                return Optional.empty();
            }
            throw e;
        }
        hasCluster = !clusters.isEmpty();
        return clusters.isEmpty() ? Optional.empty() : Optional.of(cluster(clusters.first()));
    }

    private O2cbState cluster(String name) throws IOException {
        String cluster = root + "/" + name;
        List<O2cbNode> nodes = new ArrayList<>();
        Optional<NodeNumber> local = Optional.empty();
        for (String directory : tree.directories(cluster + "/node")) {
            NodeFiles files = new NodeFiles(tree, cluster + "/node/" + directory);
            Optional<O2cbNode> node = files.read(directory);
            Optional<Boolean> isLocal = isLocal(files);
            if (node.isPresent() && isLocal.isPresent()) {
                nodes.add(node.get());
                local = isLocal.get() ? Optional.of(node.get().number()) : local;
            }
        }
        List<O2cbState.Heartbeat> regions = new ArrayList<>();
        for (String directory : tree.directories(cluster + "/heartbeat")) {
            Optional<RegionId> region = name(directory);
            if (region.isPresent()) {
                heartbeat(region.get(), cluster + "/heartbeat/" + directory).ifPresent(regions::add);
            }
        }
        return new O2cbState(
                name,
                KernelValue.read(tree, cluster + "/heartbeat/dead_threshold").unsigned(),
                KernelValue.read(tree, cluster + "/heartbeat/mode").text().equals("global"),
                nodes,
                local,
                regions);
    }

    /** {@return empty if the node is gone} */
    private static Optional<Boolean> isLocal(NodeFiles files) throws IOException {
        try {
            return Optional.of(files.isLocal());
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** {@return the region's name, empty for one that no board can be named by: it hides no other region} */
    private Optional<RegionId> name(String directory) {
        try {
            return Optional.of(new RegionId(directory));
        } catch (IllegalArgumentException e) {
            if (unusable.add(directory)) {
                LOG.warn("A region of O2CB is left out: {}", e.getMessage());
            }
            return Optional.empty();
        }
    }

    private Optional<O2cbState.Heartbeat> heartbeat(RegionId name, String path) throws IOException {
        try {
            // These two first: whoever is just starting it writes the numbers before, and the kernel the pid last.
            KernelValue pid = KernelValue.read(tree, path + "/pid");
            String device = KernelValue.read(tree, path + "/dev").text();
            O2cbRegion region = new O2cbRegion(
                    name,
                    KernelValue.read(tree, path + "/block_bytes").unsigned(),
                    KernelValue.read(tree, path + "/start_block").unsignedLong(),
                    KernelValue.read(tree, path + "/blocks").unsigned());
            return Optional.of(new O2cbState.Heartbeat(
                    region, device, pid.text().isEmpty() ? OptionalInt.empty() : OptionalInt.of(pid.unsigned())));
        } catch (IllegalArgumentException e) {
            throw new IOException("list " + root + ": " + e.getMessage(), e);
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
