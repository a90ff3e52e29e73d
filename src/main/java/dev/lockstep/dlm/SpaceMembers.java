// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.KernelValue;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A lockspace's members in configfs, {@code spaces/NAME/nodes/NODEID} with nodeid and weight. The kernel reads them
 * once, at {@code control} = 1.
 */
final class SpaceMembers {
    private final KernelTree tree;
    private final DlmPaths paths;

    SpaceMembers(KernelTree tree, DlmPaths paths) {
        this.tree = tree;
        this.paths = paths;
    }

    /**
     * Makes the entries what they shall be: extra ones go, those to renew are made anew, missing ones are added, the
     * others stay as they are, since the kernel tells a member that left and came back by its entry being new.
     *
     * @param wanted the members and their weights
     * @param renew those to make anew
     */
    void become(LockspaceName name, SortedMap<NodeId, Integer> wanted, Set<NodeId> renew) throws IOException {
        tree.makeDirectory(paths.space(name));
        String nodes = paths.members(name);
        for (String entry : tree.directories(nodes)) {
            boolean stays = Comms.nodeid(entry)
                    .filter(node -> wanted.containsKey(node) && !renew.contains(node))
                    .isPresent();
            if (!stays || nodeid(nodes + "/" + entry) != Integer.parseInt(entry)) {
                tree.removeDirectory(nodes + "/" + entry);
            }
        }
        for (Map.Entry<NodeId, Integer> member : wanted.entrySet()) {
            String entry = nodes + "/" + member.getKey();
            if (tree.makeDirectory(entry)) {
                tree.write(entry + "/nodeid", KernelValue.of(member.getKey().value()));
            }
            int weight = member.getValue();
            if (KernelValue.read(tree, entry + "/weight").signed() != weight) {
                tree.write(entry + "/weight", KernelValue.of(weight));
            }
        }
    }

    /** Removes all entries and the lockspace's own; nothing to do if they are not there. */
    void forget(LockspaceName name) throws NativeFailure {
        String nodes = paths.members(name);
        for (String entry : tree.directoriesIfAny(nodes)) {
            tree.removeDirectory(nodes + "/" + entry);
        }
        tree.removeDirectory(paths.space(name));
    }

    /** {@return the members' nodeids; none if configfs does not have the lockspace} */
    SortedSet<NodeId> read(LockspaceName name) throws IOException {
        SortedSet<NodeId> members = new TreeSet<>();
        for (String entry : tree.directoriesIfAny(paths.members(name))) {
            int nodeid = nodeid(paths.members(name) + "/" + entry);
            if (nodeid > 0) {
                members.add(new NodeId(nodeid));
            }
        }
        return members;
    }

    /** The entry's nodeid; -1 before it is written, and when the entry is just going away. */
    private int nodeid(String entry) throws IOException {
        try {
            return KernelValue.read(tree, entry + "/nodeid").signed();
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return -1;
            }
            throw e;
        }
    }
}
