// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.sim.SimDlmFiles;
import dev.lockstep.sim.SimKernelError;
import java.util.SortedSet;

/** The simulated kernel's files behind the agent's way to files. */
final class SimTree implements KernelTree {
    private final SimDlmFiles files;

    SimTree(SimDlmFiles files) {
        this.files = files;
    }

    @Override
    public void write(String path, byte[] value) throws NativeFailure {
        try {
            files.write(path, value);
        } catch (SimKernelError e) {
            throw failure("write", e, path);
        }
    }

    @Override
    public String read(String path) throws NativeFailure {
        try {
            return files.read(path);
        } catch (SimKernelError e) {
            throw failure("read", e, path);
        }
    }

    @Override
    public boolean makeDirectory(String path) throws NativeFailure {
        try {
            files.makeDirectory(path);
            return true;
        } catch (SimKernelError e) {
            if (e.errno().equals("EEXIST")) {
                return false;
            }
            throw failure("mkdir", e, path);
        }
    }

    @Override
    public boolean removeDirectory(String path) throws NativeFailure {
        try {
            files.removeDirectory(path);
            return true;
        } catch (SimKernelError e) {
            if (e.errno().equals("ENOENT")) {
                return false;
            }
            throw failure("rmdir", e, path);
        }
    }

    @Override
    public SortedSet<String> directories(String path) throws NativeFailure {
        try {
            return files.directories(path);
        } catch (SimKernelError e) {
            throw failure("list", e, path);
        }
    }

    private static NativeFailure failure(String operation, SimKernelError error, String path) {
        return new NativeFailure(operation, Errno.parse(error.errno()), path);
    }
}
