// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.nativeio.NativeFailure;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The files of a guest. */
final class GuestTree implements KernelTree {
    private final GuestLink link;

    GuestTree(GuestLink link) {
        this.link = link;
    }

    @Override
    public void write(String path, byte[] value) throws NativeFailure {
        link.command("write", GuestLink.hex(path), GuestLink.hex(value));
    }

    @Override
    public String read(String path) throws NativeFailure {
        return link.command("read", GuestLink.hex(path));
    }

    @Override
    public boolean makeDirectory(String path) throws NativeFailure {
        return Boolean.parseBoolean(link.command("mkdir", GuestLink.hex(path)));
    }

    @Override
    public boolean removeDirectory(String path) throws NativeFailure {
        return Boolean.parseBoolean(link.command("rmdir", GuestLink.hex(path)));
    }

    @Override
    public SortedSet<String> directories(String path) throws NativeFailure {
        String names = link.command("list", GuestLink.hex(path));
        return names.isEmpty() ? new TreeSet<>() : new TreeSet<>(List.of(names.split("/")));
    }
}
