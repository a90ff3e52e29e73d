// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.RegionId;
import dev.lockstep.kernelfs.KernelModules;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.KernelValue;
import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sets O2CB up in configfs, as the o2cb tools do under their own stack (they refuse to once OCFS2's stack label is
 * another). What is there and equal is left alone, so it can be given again; what differs is an error that names both
 * values, and nothing of it is changed: others may rely on it.
 *
 * <p>One thread at a time.
 */
public final class O2cbSetup {
    private static final String MODULE = "ocfs2_nodemanager";

    private final KernelTree tree;
    private final String root;
    private final KernelModules modules;
    private final RegionStarter starter;

    /** Hands a device's descriptor to the kernel; see {@link dev.lockstep.nativeio.KernelFile#writeDescriptorOf}. */
    @FunctionalInterface
    public interface RegionStarter {
        /**
         * Opens the device, writes its descriptor's number to the file, closes it.
         *
         * @throws NativeFailure with the errno of the open or of the write
         */
        void start(String device, String file) throws NativeFailure;
    }

    /**
     * @param tree how files are reached
     * @param root O2CB's configfs subsystem, {@link O2cbReader#CONFIGFS}
     * @param modules loads the module
     * @param starter starts a region
     */
    public O2cbSetup(KernelTree tree, String root, KernelModules modules, RegionStarter starter) {
        this.tree = tree;
        this.root = root;
        this.modules = modules;
        this.starter = starter;
    }

    /**
     * Makes the cluster, its threshold and its nodes. The kernel then listens on this node's address and port.
     *
     * @throws SetupRefused if O2CB is set up otherwise; names both values and the way out
     * @throws NotReady if configfs is not mounted, or this node's address or port cannot be had
     * @throws IOException if a step fails
     */
    public void ensureCluster(O2cbPlan plan) throws IOException {
        modules.load(MODULE);
        SortedSet<String> clusters = clusters();
        if (!clusters.isEmpty() && !clusters.contains(plan.cluster())) {
            throw new SetupRefused("O2CB has the cluster " + clusters.first()
                    + " and takes one only, the configuration says " + plan.cluster()
                    + ": correct the configuration, or unregister it (o2cb unregister-cluster)");
        }
        String cluster = root + "/" + plan.cluster();
        tree.makeDirectory(cluster);
        if (KernelValue.read(tree, cluster + "/heartbeat/mode").text().equals("global")) {
            throw new SetupRefused("O2CB's global heartbeat mode is not built yet: set heartbeat/mode to local");
        }
        setThreshold(cluster, plan.deadThreshold());
        makeNodes(cluster, plan);
    }

    private SortedSet<String> clusters() throws IOException {
        try {
            return tree.directories(root);
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                throw new NotReady(
                        root + " is not there: mount configfs (mount -t configfs none /sys/kernel/config)", e);
            }
            throw e;
        }
    }

    /** Beneath any region the kernel takes the write and ignores it, so it is read back. */
    private void setThreshold(String cluster, int wanted) throws IOException {
        String threshold = cluster + "/heartbeat/dead_threshold";
        if (KernelValue.read(tree, threshold).unsigned() == wanted) {
            return;
        }
        tree.write(threshold, KernelValue.of(wanted));
        int found = KernelValue.read(tree, threshold).unsigned();
        if (found != wanted) {
            throw new SetupRefused(threshold + " stays " + found + ", the configuration says " + wanted
                    + ": regions exist, and it changes only before the first; stop them, or correct the configuration");
        }
    }

    private void makeNodes(String cluster, O2cbPlan plan) throws IOException {
        Set<String> names = new HashSet<>();
        plan.nodes().forEach(node -> names.add(node.name()));
        SortedSet<String> extra = new TreeSet<>(tree.directories(cluster + "/node"));
        extra.removeAll(names);
        if (!extra.isEmpty()) {
            throw new SetupRefused("O2CB knows nodes that are not configured: " + String.join(", ", extra)
                    + ": add them to the configuration, or unregister the cluster (o2cb unregister-cluster)");
        }
        NodeFiles local = null;
        for (O2cbNode node : plan.nodes()) {
            String path = cluster + "/node/" + node.name();
            tree.makeDirectory(path);
            NodeFiles files = new NodeFiles(tree, path);
            files.become(node);
            if (node.number().equals(plan.local())) {
                local = files;
            }
        }
        // Last, so that a peer that connects at once is known.
        if (local != null) {
            local.becomeLocal();
        }
    }

    /**
     * Makes O2CB heartbeat in a region. Blocks until it is steady: about 10 s.
     *
     * @param cluster the cluster's name
     * @param device the block device
     * @return whether this call started it; it may have been somebody else
     * @throws SetupRefused if a region of that name heartbeats elsewhere
     * @throws IOException if a step fails; what this call made is taken away again
     */
    public boolean ensureRegion(String cluster, O2cbRegion region, Path device) throws IOException {
        String path = root + "/" + cluster + "/heartbeat/" + region.name();
        boolean made = tree.makeDirectory(path);
        if (!KernelValue.read(tree, path + "/pid").text().isEmpty()) {
            refuseOther(path, region, device);
            return false;
        }
        try {
            tree.write(path + "/block_bytes", KernelValue.of(region.blockBytes()));
            tree.write(path + "/start_block", KernelValue.of(region.startBlock()));
            tree.write(path + "/blocks", KernelValue.of(region.blocks()));
            starter.start(device.toString(), path + "/dev");
            return true;
        } catch (NativeFailure e) {
            if (made) {
                // A region that is only there keeps the threshold from being changed.
                tree.removeDirectory(path);
            }
            throw explained(e, region, device);
        }
    }

    private static IOException explained(NativeFailure e, O2cbRegion region, Path device) {
        String what = "region " + region.name() + " on " + device + ": " + e.getMessage() + ": ";
        return switch (e.errno().name()) {
            case "EINVAL" ->
                new SetupRefused(
                        what + "needs a block device whose logical sectors have " + region.blockBytes()
                                + " bytes, a start block other than 0, and a local node",
                        e);
            case "EIO" ->
                new IOException(
                        what + "it did not become steady: the device fails, another node writes this node's slot, or a"
                                + " signal came in between",
                        e);
            default -> e;
        };
    }

    private void refuseOther(String path, O2cbRegion region, Path device) throws IOException {
        refuseIfOther(path, "block_bytes", Integer.toString(region.blockBytes()));
        refuseIfOther(path, "start_block", Long.toUnsignedString(region.startBlock()));
        refuseIfOther(path, "blocks", Integer.toString(region.blocks()));
        refuseIfOther(path, "dev", kernelName(device));
    }

    /** The kernel shows the device node's own name: /dev/mapper/x is a link to ../dm-3. */
    private static String kernelName(Path device) throws IOException {
        return String.valueOf(device.toRealPath().getFileName());
    }

    private void refuseIfOther(String path, String attribute, String wanted) throws IOException {
        String found = KernelValue.read(tree, path + "/" + attribute).text();
        if (!found.equals(wanted)) {
            throw new SetupRefused(path + "/" + attribute + " is " + found + ", the configuration says " + wanted
                    + ", and the region heartbeats: correct the configuration, or stop it");
        }
    }

    /**
     * Stops a region's heartbeat and forgets it; the other nodes see a clean leave. Takes up to about 2 s.
     *
     * @throws NativeFailure EBUSY while something else needs it
     */
    public void removeRegion(String cluster, RegionId region) throws NativeFailure {
        tree.removeDirectory(root + "/" + cluster + "/heartbeat/" + region);
    }
}
