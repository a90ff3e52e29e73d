// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * sysfs and configfs of fs/dlm in one simulated node, file by file: what each attribute takes and shows, with which
 * error, and what it sets off. Beside {@link SimDlmKernel}, which does the same by mutations and keeps members and
 * comms of its own: of one node use one or the other. Nothing blocks; for any thread.
 */
public final class SimDlmFiles {
    /** Where the lockspaces are. */
    public static final String SYSFS = "/sys/kernel/dlm";

    /** Where clusters are made. */
    public static final String CONFIGFS = "/sys/kernel/config/dlm";

    private final SimDlmFabric fabric;
    private final SimDirectory sysfs;
    private final SimDirectory configfs;

    SimDlmFiles(SimDlmFabric fabric, SimDlmNode node) {
        this.fabric = fabric;
        SimDlmConfig config = new SimDlmConfig(fabric, node);
        node.calls().comesWithFiles(config);
        configfs = config.root();
        sysfs = new SimDlmSysfs(fabric, node, config);
    }

    /**
     * Writes a value with one write(2).
     *
     * @throws SimKernelError with the errno of the open or the write
     */
    public void write(String path, byte[] value) throws SimKernelError {
        synchronized (fabric) {
            parent(path).write(name(path), value);
            fabric.settle();
        }
    }

    /**
     * {@return a file's whole text}
     *
     * @throws SimKernelError with the errno of the open
     */
    public String read(String path) throws SimKernelError {
        synchronized (fabric) {
            return parent(path).read(name(path));
        }
    }

    /**
     * Makes a directory.
     *
     * @throws SimKernelError with the errno, EEXIST for one that is there
     */
    public void makeDirectory(String path) throws SimKernelError {
        synchronized (fabric) {
            parent(path).make(name(path));
        }
    }

    /**
     * Removes a directory.
     *
     * @throws SimKernelError with the errno, ENOENT for one that is not there
     */
    public void removeDirectory(String path) throws SimKernelError {
        synchronized (fabric) {
            parent(path).remove(name(path));
            fabric.settle();
        }
    }

    /**
     * {@return the names of the directories in a directory}
     *
     * @throws SimKernelError ENOENT if it is not there
     */
    public SortedSet<String> directories(String path) throws SimKernelError {
        synchronized (fabric) {
            return new TreeSet<>(find(path).children().keySet());
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private SimDirectory parent(String path) throws SimKernelError {
        return find(path.substring(0, path.lastIndexOf('/')));
    }

    private SimDirectory find(String path) throws SimKernelError {
        SimDirectory at;
        String rest;
        if ((path + "/").startsWith(SYSFS + "/")) {
            at = sysfs;
            rest = path.substring(SYSFS.length());
        } else if ((path + "/").startsWith(CONFIGFS + "/")) {
            at = configfs;
            rest = path.substring(CONFIGFS.length());
        } else {
            throw new SimKernelError("ENOENT");
        }
        for (String step : rest.isEmpty() ? new String[0] : rest.substring(1).split("/", -1)) {
            SimDirectory next = at.children().get(step);
            if (next == null) {
                throw new SimKernelError("ENOENT");
            }
            at = next;
        }
        return at;
    }
}
