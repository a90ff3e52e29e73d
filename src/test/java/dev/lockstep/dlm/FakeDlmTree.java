// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * sysfs and configfs of fs/dlm as far as this package uses them: directories that bring their attributes along, the
 * rules of order, and a journal of every change. For one thread.
 */
final class FakeDlmTree implements KernelTree {
    static final DlmPaths PATHS = new DlmPaths("/s", "/c");

    private static final String COMMS = "/c/cluster/comms/";
    private static final String SPACES = "/c/cluster/spaces/";

    /** Every change, with paths shortened to what follows "cluster/" or "/s/". */
    final List<String> journal = new ArrayList<>();

    private final SortedSet<String> directories = new TreeSet<>(List.of("/s", "/c"));
    private final TreeMap<String, String> files = new TreeMap<>();
    private final Map<String, Errno> failures = new HashMap<>();

    FakeDlmTree withCluster() throws NativeFailure {
        makeDirectory("/c/cluster");
        journal.clear();
        return this;
    }

    FakeDlmTree withLockspace(String name, int id, int status) {
        directories.add("/s/" + name);
        files.put("/s/" + name + "/id", Integer.toUnsignedString(id) + "\n");
        files.put("/s/" + name + "/nodir", "0\n");
        files.put("/s/" + name + "/recover_status", Integer.toHexString(status) + "\n");
        files.put("/s/" + name + "/recover_nodeid", "0\n");
        files.put("/s/" + name + "/control", "");
        files.put("/s/" + name + "/event_done", "");
        return this;
    }

    void set(String path, String value) {
        files.put(path, value);
    }

    /** The next write, mkdir or rmdir of this path fails. */
    void failOnce(String path, Errno errno) {
        failures.put(path, errno);
    }

    @Override
    public void write(String path, byte[] value) throws NativeFailure {
        failIfTold("write", path);
        String before = files.get(path);
        if (before == null) {
            throw new NativeFailure("open", Errno.ENOENT, path);
        }
        if (path.startsWith(COMMS) && path.endsWith("/addr")) {
            writeAddress(path, value);
            return;
        }
        String text = new String(value, StandardCharsets.ISO_8859_1);
        if (path.startsWith(COMMS)
                && path.endsWith("/mark")
                && files.getOrDefault(path + "!", "").isEmpty()) {
            throw new NativeFailure("write", Errno.ENOENT, path);
        }
        journal.add(shortened(path) + " = " + text);
        boolean writeOnly = path.endsWith("/control") || path.endsWith("/event_done");
        if (!writeOnly) {
            files.put(path, text + "\n");
        }
    }

    private void writeAddress(String path, byte[] value) throws NativeFailure {
        if (value.length != 128) {
            throw new NativeFailure("write", Errno.EINVAL, path);
        }
        ByteBuffer address = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
        String shown = (value[4] & 0xff) + "." + (value[5] & 0xff) + "." + (value[6] & 0xff) + "." + (value[7] & 0xff);
        journal.add(shortened(path) + " = " + address.getShort(0) + ":" + address.getShort(2) + ":" + shown);
        String comm = path.substring(0, path.lastIndexOf('/'));
        files.merge(comm + "/addr_list", "AF_INET\t" + shown + "\n", String::concat);
        files.put(comm + "/mark!", "has an address");
    }

    @Override
    public String read(String path) throws NativeFailure {
        String text = files.get(path);
        if (text == null) {
            throw new NativeFailure("open", Errno.ENOENT, path);
        }
        return text;
    }

    @Override
    public boolean makeDirectory(String path) throws NativeFailure {
        failIfTold("mkdir", path);
        if (!directories.contains(path.substring(0, path.lastIndexOf('/')))) {
            throw new NativeFailure("mkdir", Errno.ENOENT, path);
        }
        if (!directories.add(path)) {
            return false;
        }
        journal.add("mkdir " + shortened(path));
        if (path.equals("/c/cluster")) {
            directories.addAll(List.of("/c/cluster/comms", "/c/cluster/spaces"));
            Map.of("cluster_name", "\n", "recover_callbacks", "0\n", "tcp_port", "21064\n", "protocol", "0\n")
                    .forEach((name, value) -> files.put("/c/cluster/" + name, value));
            Map.of("mark", "0\n", "log_debug", "0\n").forEach((name, value) -> files.put("/c/cluster/" + name, value));
        } else if (path.startsWith(COMMS)) {
            Map.of("nodeid", "-1\n", "local", "0\n", "addr", "", "addr_list", "", "mark", "0\n")
                    .forEach((name, value) -> files.put(path + "/" + name, value));
        } else if (path.startsWith(SPACES) && path.contains("/nodes/")) {
            files.put(path + "/nodeid", "-1\n");
            files.put(path + "/weight", "1\n");
        } else if (path.startsWith(SPACES)) {
            directories.add(path + "/nodes");
        }
        return true;
    }

    @Override
    public boolean removeDirectory(String path) throws NativeFailure {
        failIfTold("rmdir", path);
        if (!directories.contains(path)) {
            return false;
        }
        boolean hasObjects = directories.stream()
                .anyMatch(d -> d.startsWith(path + "/") && !d.equals(path + "/nodes") && !isDefaultGroup(path, d));
        if (hasObjects) {
            throw new NativeFailure("rmdir", Errno.parse("ENOTEMPTY"), path);
        }
        journal.add("rmdir " + shortened(path));
        directories.removeIf(d -> d.equals(path) || d.startsWith(path + "/"));
        files.keySet().removeIf(f -> f.startsWith(path + "/"));
        return true;
    }

    private static boolean isDefaultGroup(String removed, String directory) {
        return removed.equals("/c/cluster")
                && (directory.equals("/c/cluster/comms") || directory.equals("/c/cluster/spaces"));
    }

    @Override
    public SortedSet<String> directories(String path) throws NativeFailure {
        if (!directories.contains(path)) {
            throw new NativeFailure("list", Errno.ENOENT, path);
        }
        SortedSet<String> names = new TreeSet<>();
        for (String directory : directories) {
            int slash = directory.lastIndexOf('/');
            if (slash > 0 && directory.substring(0, slash).equals(path)) {
                names.add(directory.substring(slash + 1));
            }
        }
        return names;
    }

    private void failIfTold(String operation, String path) throws NativeFailure {
        Errno errno = failures.remove(path);
        if (errno != null) {
            throw new NativeFailure(operation, errno, path);
        }
    }

    private static String shortened(String path) {
        return path.startsWith("/c/cluster/") ? path.substring(11) : path.startsWith("/s/") ? path.substring(3) : path;
    }
}
