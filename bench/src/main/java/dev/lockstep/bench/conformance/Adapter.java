// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.dlm.ConfigfsDlmKernel;
import dev.lockstep.dlm.DlmNode;
import dev.lockstep.dlm.DlmPaths;
import dev.lockstep.dlm.LockspaceSettings;
import dev.lockstep.dlm.NodeTable;
import dev.lockstep.dlm.UnansweredReader;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.port.DlmKernel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The agent's adapter to fs/dlm, on any files. */
final class Adapter {
    private static final int NODES = 3;

    private Adapter() {}

    static DlmKernel on(KernelTree tree, NodeNumber own, UnansweredReader unanswered) {
        return new ConfigfsDlmKernel(
                tree,
                DlmPaths.SYSTEM,
                new NodeTable(own, nodes()),
                name -> LockspaceSettings.DEFAULT,
                unanswered,
                reset -> new Outcome.Failed("EPERM", Outcome.ErrorClass.LASTING, reset.why()));
    }

    private static List<DlmNode> nodes() {
        List<DlmNode> nodes = new ArrayList<>();
        for (int number = 1; number <= NODES; number++) {
            try {
                InetAddress address = InetAddress.getByAddress(new byte[] {10, 77, 0, (byte) number});
                nodes.add(new DlmNode(NodeNumber.of(number), new NodeId(number), address, 0));
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
        return nodes;
    }
}
