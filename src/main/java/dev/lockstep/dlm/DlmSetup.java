// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.kernelfs.KernelModules;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.KernelValue;
import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.kernelfs.Processes;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes fs/dlm ready for mutations, once, at the agent's start: module, cluster settings, this node's own comm. What is
 * right already is left alone, so a restart under running lockspaces changes nothing.
 *
 * <p>The device dlm-monitor stays unopened. Once any daemon has opened and closed it, the kernel refuses new lockspaces
 * (EUNATCH) until the module is loaded anew; no file tells that, so an idle module is always loaded anew, and beneath
 * lockspaces the kernel log and the open descriptors are asked.
 */
public final class DlmSetup {
    private static final Logger LOG = LoggerFactory.getLogger(DlmSetup.class);

    private static final String MODULE = "dlm";
    private static final Set<String> MONITOR = Set.of("/dev/dlm-monitor", "/dev/misc/dlm-monitor");
    private static final int TCP = 0;

    private final KernelTree tree;
    private final DlmPaths paths;
    private final KernelModules modules;
    private final Processes processes;
    private final ProcUnansweredReader.KernelLogText kernelLog;

    /**
     * @param tree how files are reached
     * @param paths where they are
     * @param modules loads the module
     * @param processes the machine's processes
     * @param kernelLog the kernel's log
     */
    public DlmSetup(
            KernelTree tree,
            DlmPaths paths,
            KernelModules modules,
            Processes processes,
            ProcUnansweredReader.KernelLogText kernelLog) {
        this.tree = tree;
        this.paths = paths;
        this.modules = modules;
        this.processes = processes;
        this.kernelLog = kernelLog;
    }

    /**
     * Makes everything ready.
     *
     * @param settings the cluster's settings
     * @param own this node
     * @throws SetupRefused if something else drives fs/dlm, or it runs with other settings; names the way out
     * @throws NotReady if configfs is not mounted
     * @throws IOException if a step fails
     */
    public void prepare(ClusterSettings settings, DlmNode own) throws IOException {
        refuseOtherDaemons();
        boolean wasLoaded = modules.isLoaded(MODULE);
        modules.load(MODULE);
        SortedSet<String> lockspaces = tree.directoriesIfAny(paths.sysfs());
        if (lockspaces.isEmpty()) {
            if (wasLoaded) {
                loadAnew();
            }
        } else {
            refuseAbandoned(lockspaces);
        }
        makeCluster();
        write(settings);
        new Comms(tree, paths).addOwn(own);
    }

    /**
     * {@return what {@link #prepare} would do now, a line each} Changes nothing, and does not look for what it would
     * refuse.
     *
     * @throws IOException if something cannot be read
     */
    public List<String> plan(ClusterSettings settings, DlmNode own) throws IOException {
        boolean loaded = modules.isLoaded(MODULE);
        boolean idle = tree.directoriesIfAny(paths.sysfs()).isEmpty();
        List<String> plan = new ArrayList<>();
        if (!loaded) {
            plan.add("load module " + MODULE);
        } else if (idle) {
            plan.add("load the idle module " + MODULE + " anew");
        }
        if (!loaded || idle || !isDone(settings, own)) {
            plan.add("set up fs/dlm: cluster_name " + settings.clusterName() + ", " + said(settings)
                    + ", this node's comm " + own.nodeid() + " at "
                    + own.address().getHostAddress());
        }
        return plan;
    }

    private boolean isDone(ClusterSettings settings, DlmNode own) throws IOException {
        try {
            for (Map.Entry<String, Integer> each : numbers(settings).entrySet()) {
                if (KernelValue.read(tree, paths.cluster(each.getKey())).unsigned() != each.getValue()) {
                    return false;
                }
            }
            return KernelValue.read(tree, paths.cluster("cluster_name")).text().equals(settings.clusterName())
                    && new Comms(tree, paths).hasOwn(own);
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    private void refuseOtherDaemons() throws IOException {
        List<Integer> controld = processes.rootsNamed("dlm_controld");
        if (!controld.isEmpty()) {
            throw new SetupRefused("dlm_controld runs (process " + controld.get(0)
                    + ") and drives fs/dlm: stop it (systemctl disable --now dlm.service), then start the agent");
        }
        List<Integer> holders = processes.holding(MONITOR);
        if (!holders.isEmpty()) {
            throw new SetupRefused("process " + holders.get(0)
                    + " has /dev/dlm-monitor open, as only a daemon that drives fs/dlm does: stop it first");
        }
    }

    /** Idle: nothing of ours or of anybody else's can be lost. */
    private void loadAnew() throws IOException {
        clear();
        try {
            modules.unload(MODULE);
        } catch (IOException e) {
            LOG.warn(
                    "Module dlm cannot be loaded anew ({}). If a daemon had /dev/dlm-monitor open before, new"
                            + " lockspaces fail with EUNATCH: unload what uses dlm (ocfs2_stack_user, gfs2), then"
                            + " dlm itself",
                    e.getMessage());
        }
        modules.load(MODULE);
    }

    private void clear() throws IOException {
        for (String space : tree.directoriesIfAny(paths.spaces())) {
            for (String node : tree.directoriesIfAny(paths.spaces() + "/" + space + "/nodes")) {
                tree.removeDirectory(paths.spaces() + "/" + space + "/nodes/" + node);
            }
            tree.removeDirectory(paths.spaces() + "/" + space);
        }
        for (String comm : tree.directoriesIfAny(paths.comms())) {
            tree.removeDirectory(paths.comms() + "/" + comm);
        }
        tree.removeDirectory(paths.cluster());
    }

    private void refuseAbandoned(SortedSet<String> lockspaces) throws IOException {
        if (MonitorLog.wasClosedUnderLockspaces(kernelLog.read())) {
            throw new SetupRefused("a daemon with /dev/dlm-monitor open went away while lockspaces ran, so the kernel"
                    + " refuses new ones: leave " + String.join(", ", lockspaces)
                    + " (unmount, or restart the machine), then start the agent");
        }
    }

    private void makeCluster() throws IOException {
        SortedSet<String> clusters;
        try {
            clusters = new TreeSet<>(tree.directories(paths.configfs()));
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                throw new NotReady(
                        paths.configfs() + " is not there: mount configfs (mount -t configfs none /sys/kernel/config)",
                        e);
            }
            throw e;
        }
        clusters.remove("cluster");
        if (!clusters.isEmpty()) {
            // The kernel uses the one that was made last.
            throw new SetupRefused(paths.configfs() + "/" + clusters.first()
                    + " is not Lockstep's and the kernel uses one cluster directory only: remove it");
        }
        tree.makeDirectory(paths.cluster());
    }

    private void write(ClusterSettings settings) throws IOException {
        if (!KernelValue.read(tree, paths.cluster("cluster_name")).text().equals(settings.clusterName())) {
            tree.write(paths.cluster("cluster_name"), KernelValue.of(settings.clusterName()));
        }
        for (Map.Entry<String, Integer> each : numbers(settings).entrySet()) {
            writeNumber(each.getKey(), each.getValue());
        }
    }

    /** In the order in which they are written. */
    private static Map<String, Integer> numbers(ClusterSettings settings) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        // Without it OCFS2 and GFS2 look for the daemons of old and do not mount.
        numbers.put("recover_callbacks", 1);
        numbers.put("mark", settings.mark());
        numbers.put("log_debug", settings.logDebug() ? 1 : 0);
        numbers.put("protocol", TCP);
        numbers.put("tcp_port", settings.tcpPort());
        return numbers;
    }

    private static String said(ClusterSettings settings) {
        return numbers(settings).entrySet().stream()
                .map(each -> each.getKey() + " " + Integer.toUnsignedString(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void writeNumber(String attribute, int wanted) throws IOException {
        String path = paths.cluster(attribute);
        int found = KernelValue.read(tree, path).unsigned();
        if (found == wanted) {
            return;
        }
        try {
            tree.write(path, KernelValue.of(Integer.toUnsignedLong(wanted)));
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.EBUSY)) {
                throw new SetupRefused(
                        "fs/dlm runs with " + attribute + " " + Integer.toUnsignedString(found)
                                + ", the configuration says " + Integer.toUnsignedString(wanted)
                                + ": leave every lockspace, then start the agent",
                        e);
            }
            throw e;
        }
    }
}
