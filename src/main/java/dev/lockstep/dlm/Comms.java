// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.NodeId;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.KernelValue;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The nodes fs/dlm may talk to: {@code comms/NODEID} with nodeid, addr, mark and local, written in this order
 * (fs/dlm/config.c). An entry without an address is half-made: some earlier call failed in between.
 */
final class Comms {
    private final KernelTree tree;
    private final DlmPaths paths;

    Comms(KernelTree tree, DlmPaths paths) {
        this.tree = tree;
        this.paths = paths;
    }

    /** Makes a peer's entry, or completes a half-made one by making it anew. An entry that is right is left alone. */
    void add(DlmNode node) throws IOException {
        String comm = paths.comm(node.nodeid());
        if (!tree.makeDirectory(comm)) {
            if (isComplete(node.nodeid())) {
                keep(node);
                return;
            }
            tree.removeDirectory(comm);
            tree.makeDirectory(comm);
        }
        fill(node);
    }

    /**
     * Makes this node's entry. {@code local} comes last: the kernel takes the first entry that has it.
     *
     * @throws SetupRefused if another entry is the local one
     */
    void addOwn(DlmNode own) throws IOException {
        for (String other : tree.directories(paths.comms())) {
            boolean local = KernelValue.read(tree, paths.comms() + "/" + other + "/local")
                            .signed()
                    != 0;
            if (local && !other.equals(own.nodeid().toString())) {
                throw new SetupRefused("comms/" + other + " is fs/dlm's local node, but this node has nodeid "
                        + own.nodeid() + ": leave every lockspace, then unload the module dlm or restart the machine");
            }
        }
        add(own);
        String local = paths.comm(own.nodeid()) + "/local";
        if (KernelValue.read(tree, local).signed() == 0) {
            tree.write(local, KernelValue.of(1));
        }
    }

    /** {@return whether this node's entry is complete, and the local one} */
    boolean hasOwn(DlmNode own) throws IOException {
        return isComplete(own.nodeid())
                && KernelValue.read(tree, paths.comm(own.nodeid()) + "/local").signed() != 0;
    }

    /** Removes an entry; nothing to do if it is not there. */
    void remove(NodeId node) throws NativeFailure {
        tree.removeDirectory(paths.comm(node));
    }

    /** {@return the nodeids of all complete entries, the own one included; none where nothing is set up} */
    SortedSet<NodeId> complete() throws IOException {
        SortedSet<NodeId> nodes = new TreeSet<>();
        for (String name : tree.directoriesIfAny(paths.comms())) {
            Optional<NodeId> node = nodeid(name);
            if (node.isPresent() && isComplete(node.get())) {
                nodes.add(node.get());
            }
        }
        return nodes;
    }

    /** {@return the nodeid a directory of configfs is named by, empty for a name we would not have given} */
    static Optional<NodeId> nodeid(String directory) {
        boolean decimal = !directory.isEmpty()
                && directory.length() <= 10
                && directory.charAt(0) != '0'
                && directory.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!decimal || Long.parseLong(directory) > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        return Optional.of(new NodeId(Integer.parseInt(directory)));
    }

    private boolean isComplete(NodeId node) throws IOException {
        try {
            return KernelValue.read(tree, paths.comm(node) + "/nodeid").signed() == node.value()
                    && !addresses(node).isEmpty();
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    private List<String> addresses(NodeId node) throws IOException {
        return tree.read(paths.comm(node) + "/addr_list")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private void keep(DlmNode node) throws IOException {
        List<String> addresses = addresses(node.nodeid());
        if (addresses.size() != 1 || !SocketAddressBytes.isShownAs(node.address(), addresses.get(0))) {
            throw new SetupRefused("comms/" + node.nodeid() + " has the address "
                    + String.join(", ", addresses).replace('\t', ' ') + ", the configuration says "
                    + node.address().getHostAddress()
                    + ": leave every lockspace with that node, then restart the agent");
        }
        writeMark(node);
    }

    private void fill(DlmNode node) throws IOException {
        String comm = paths.comm(node.nodeid());
        tree.write(comm + "/nodeid", KernelValue.of(node.nodeid().value()));
        tree.write(comm + "/addr", SocketAddressBytes.of(node.address()));
        writeMark(node);
    }

    private void writeMark(DlmNode node) throws IOException {
        String mark = paths.comm(node.nodeid()) + "/mark";
        if (KernelValue.read(tree, mark).unsigned() != node.mark()) {
            tree.write(mark, KernelValue.of(Integer.toUnsignedLong(node.mark())));
        }
    }
}
