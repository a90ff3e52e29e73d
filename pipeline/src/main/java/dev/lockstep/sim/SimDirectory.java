// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory of simulated sysfs or configfs: attributes that come with it, and directories, some of which come with it
 * too while others are made and removed by mkdir and rmdir.
 */
class SimDirectory {

    /** What reading an attribute gives. */
    interface Show {
        String text();
    }

    /** What writing an attribute does. */
    interface Store {
        void take(byte[] value) throws SimKernelError;
    }

    private record Attribute(@Nullable Show show, @Nullable Store store) {}

    private final Map<String, Attribute> attributes = new HashMap<>();
    private final SortedMap<String, SimDirectory> children = new TreeMap<>();

    /** Whether it came with its parent, and goes with it only. */
    private final boolean comesAlong;

    SimDirectory(boolean comesAlong) {
        this.comesAlong = comesAlong;
    }

    final void attribute(String name, @Nullable Show show, @Nullable Store store) {
        attributes.put(name, new Attribute(show, store));
    }

    final void with(String name, SimDirectory child) {
        children.put(name, child);
    }

    /** {@return all directories in it, by name} */
    SortedMap<String, ? extends SimDirectory> children() {
        return children;
    }

    /** mkdir in it; {@return the new directory}. Most directories do not allow it. */
    SimDirectory made(String name) throws SimKernelError {
        throw new SimKernelError("EPERM");
    }

    /** It was removed. */
    void removed() throws SimKernelError {}

    final void make(String name) throws SimKernelError {
        if (children().containsKey(name) || attributes.containsKey(name)) {
            throw new SimKernelError("EEXIST");
        }
        children.put(name, made(name));
    }

    final void remove(String name) throws SimKernelError {
        SimDirectory child = children().get(name);
        if (child == null) {
            throw new SimKernelError(attributes.containsKey(name) ? "ENOTDIR" : "ENOENT");
        }
        if (child.comesAlong) {
            throw new SimKernelError("EPERM");
        }
        if (child.isInUse()) {
            throw new SimKernelError("ENOTEMPTY");
        }
        child.removed();
        children.remove(name);
    }

    private boolean isInUse() {
        return children.values().stream().anyMatch(child -> !child.comesAlong || child.isInUse());
    }

    final String read(String name) throws SimKernelError {
        Show show = found(name).show;
        if (show == null) {
            throw new SimKernelError("EACCES");
        }
        return show.text();
    }

    final void write(String name, byte[] value) throws SimKernelError {
        Store store = found(name).store;
        if (store == null) {
            throw new SimKernelError("EACCES");
        }
        store.take(value);
    }

    private Attribute found(String name) throws SimKernelError {
        Attribute attribute = attributes.get(name);
        if (attribute == null) {
            throw new SimKernelError(children().containsKey(name) ? "EISDIR" : "ENOENT");
        }
        return attribute;
    }
}
