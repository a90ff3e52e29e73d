// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.KernelValue;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.util.SortedSet;

/** The files of /sys/kernel/dlm/NAME (fs/dlm/lockspace.c). {@code control} and {@code event_done} are write-only. */
final class LockspaceFiles {
    private final KernelTree tree;
    private final DlmPaths paths;

    LockspaceFiles(KernelTree tree, DlmPaths paths) {
        this.tree = tree;
        this.paths = paths;
    }

    /** {@return the names of all lockspaces; none where fs/dlm is not loaded} */
    SortedSet<String> names() throws NativeFailure {
        return tree.directoriesIfAny(paths.sysfs());
    }

    /** Stops the lockspace; returns when the kernel has. */
    void stop(LockspaceName name) throws NativeFailure {
        tree.write(paths.lockspace(name, "control"), KernelValue.of(0));
    }

    /** Starts the lockspace with what configfs holds; returns before the recovery has ended, whatever becomes of it. */
    void start(LockspaceName name) throws NativeFailure {
        tree.write(paths.lockspace(name, "control"), KernelValue.of(1));
    }

    /** Answers the one uevent that waits. */
    void answer(LockspaceName name, int result) throws NativeFailure {
        tree.write(paths.lockspace(name, "event_done"), KernelValue.of(result));
    }

    /** Answers the one uevent that waits, of a lockspace whose name is none for us. */
    void answer(String directory, int result) throws NativeFailure {
        tree.write(paths.lockspace(directory, "event_done"), KernelValue.of(result));
    }

    /** Sets what the cluster routes messages by, if it is not set so yet. */
    void identify(LockspaceName name) throws IOException {
        if (globalId(name) != name.globalId()) {
            tree.write(paths.lockspace(name, "id"), KernelValue.of(Integer.toUnsignedLong(name.globalId())));
        }
    }

    /** Takes the resource directory away; the kernel offers no way back. */
    void withoutDirectory(LockspaceName name) throws IOException {
        String nodir = paths.lockspace(name, "nodir");
        if (KernelValue.read(tree, nodir).signed() != 1) {
            tree.write(nodir, KernelValue.of(1));
        }
    }

    int globalId(LockspaceName name) throws IOException {
        return KernelValue.read(tree, paths.lockspace(name, "id")).unsigned();
    }

    int recoverStatus(LockspaceName name) throws IOException {
        return KernelValue.read(tree, paths.lockspace(name, "recover_status")).hex();
    }

    int recoverNodeid(LockspaceName name) throws IOException {
        return KernelValue.read(tree, paths.lockspace(name, "recover_nodeid")).signed();
    }
}
