// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** O2CB's configfs with its rules: one cluster, attributes that are set once, a threshold that regions freeze. */
final class FakeO2cbTree implements KernelTree, O2cbSetup.RegionStarter {
    final List<String> journal = new ArrayList<>();

    /** Whether configfs is not mounted; what it shows goes on. */
    boolean unmounted;

    private final SortedSet<String> directories = new TreeSet<>(List.of("/c"));
    private final TreeMap<String, String> files = new TreeMap<>();
    private final Set<String> written = new HashSet<>();
    private final Map<String, Errno> failures = new HashMap<>();

    void failOnce(String path, Errno errno) {
        failures.put(path, errno);
    }

    void set(String path, String value) {
        files.put(path, value);
        written.add(path);
    }

    void removeFile(String path) {
        files.remove(path);
    }

    @Override
    public void write(String path, byte[] value) throws NativeFailure {
        failIfTold("write", path);
        read(path);
        String text = new String(value, StandardCharsets.ISO_8859_1);
        boolean nodeAttribute = path.contains("/node/");
        if (nodeAttribute && written.contains(path)) {
            throw new NativeFailure("write", Errno.EBUSY, path);
        }
        journal.add(shortened(path) + " = " + text);
        if (path.endsWith("/dead_threshold") && directories.stream().anyMatch(d -> d.contains("/heartbeat/"))) {
            return;
        }
        String node = path.substring(0, path.lastIndexOf('/'));
        if (nodeAttribute && path.endsWith("/num") && "0.0.0.0\n".equals(files.get(node + "/ipv4_address"))) {
            throw new NativeFailure("write", Errno.EINVAL, path);
        }
        files.put(path, text + "\n");
        written.add(path);
    }

    @Override
    public void start(String device, String file) throws NativeFailure {
        failIfTold("write", file);
        journal.add(shortened(file) + " <- " + device.substring(device.lastIndexOf('/') + 1));
        files.put(file, device.substring(device.lastIndexOf('/') + 1) + "\n");
        files.put(file.replace("/dev", "/pid"), "4242\n");
    }

    @Override
    public String read(String path) throws NativeFailure {
        return Optional.ofNullable(files.get(path))
                .filter(f -> !unmounted)
                .orElseThrow(() -> new NativeFailure("open", Errno.ENOENT, path));
    }

    @Override
    public boolean makeDirectory(String path) throws NativeFailure {
        failIfTold("mkdir", path);
        if (!directories.add(path)) {
            return false;
        }
        journal.add("mkdir " + shortened(path));
        if (path.contains("/node/")) {
            Map.of("ipv4_port", "0", "ipv4_address", "0.0.0.0", "num", "0", "local", "0")
                    .forEach((name, value) -> files.put(path + "/" + name, value + "\n"));
        } else if (path.contains("/heartbeat/")) {
            Map.of("block_bytes", "0\n", "start_block", "0\n", "blocks", "0\n", "dev", "", "pid", "")
                    .forEach((name, value) -> files.put(path + "/" + name, value));
        } else {
            directories.addAll(List.of(path + "/node", path + "/heartbeat"));
            files.put(path + "/heartbeat/dead_threshold", "31\n");
            files.put(path + "/heartbeat/mode", "local\n");
        }
        return true;
    }

    @Override
    public boolean removeDirectory(String path) {
        journal.add("rmdir " + shortened(path));
        files.keySet().removeIf(f -> f.startsWith(path + "/"));
        return directories.remove(path);
    }

    @Override
    public SortedSet<String> directories(String path) throws NativeFailure {
        if (unmounted || !directories.contains(path)) {
            throw new NativeFailure("list", Errno.ENOENT, path);
        }
        SortedSet<String> names = new TreeSet<>();
        directories.stream()
                .filter(d -> d.startsWith(path + "/") && d.indexOf('/', path.length() + 1) < 0)
                .forEach(d -> names.add(d.substring(path.length() + 1)));
        return names;
    }

    private void failIfTold(String operation, String path) throws NativeFailure {
        Errno errno = failures.remove(path);
        if (errno != null) {
            throw new NativeFailure(operation, errno, path);
        }
    }

    private static String shortened(String path) {
        return path.replaceFirst("^/c/alpha/", "");
    }
}
