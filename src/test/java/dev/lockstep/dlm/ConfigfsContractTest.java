// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.DlmKernelContract;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** The adapter on a tree that does what its control files say. */
final class ConfigfsContractTest implements DlmKernelContract {

    @Override
    public Fixture boot() throws Exception {
        return new Machine();
    }

    /** FakeDlmTree keeps what is written; here a start is a recovery that ends at once, and an answer is heard. */
    private static final class Machine implements Fixture, KernelTree {
        private final FakeDlmTree tree = new FakeDlmTree().withCluster();
        private UnansweredDecision waits = new UnansweredDecision.Nobody();
        private final ConfigfsDlmKernel kernel = new ConfigfsDlmKernel(
                this,
                FakeDlmTree.PATHS,
                new NodeTable(NodeNumber.of(1), nodes()),
                name -> LockspaceSettings.DEFAULT,
                ids -> waits,
                reset -> new Outcome.Failed("EPERM", Outcome.ErrorClass.LASTING, reset.why()));

        Machine() throws IOException {
            new Comms(this, FakeDlmTree.PATHS).add(nodes().get(0));
        }

        private static List<DlmNode> nodes() throws UnknownHostException {
            List<DlmNode> nodes = new ArrayList<>();
            for (int number = 1; number <= 3; number++) {
                InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
                nodes.add(new DlmNode(NodeNumber.of(number), new NodeId(number), address, 0));
            }
            return nodes;
        }

        @Override
        public DlmKernel kernel() {
            return kernel;
        }

        @Override
        public void create(LockspaceName lockspace) {
            tree.withLockspace(lockspace.value(), 0, 0);
            waits = new UnansweredDecision.Waits(lockspace, Uevent.Action.ONLINE);
        }

        @Override
        public void write(String path, byte[] value) throws NativeFailure {
            tree.write(path, value);
            String text = new String(value, StandardCharsets.ISO_8859_1);
            if (path.endsWith("/control")) {
                tree.set(path.replace("/control", "/recover_status"), text.equals("1") ? "ff\n" : "0\n");
            } else if (path.endsWith("/event_done")) {
                waits = new UnansweredDecision.Nobody();
            }
        }

        @Override
        public String read(String path) throws NativeFailure {
            return tree.read(path);
        }

        @Override
        public boolean makeDirectory(String path) throws NativeFailure {
            return tree.makeDirectory(path);
        }

        @Override
        public boolean removeDirectory(String path) throws NativeFailure {
            return tree.removeDirectory(path);
        }

        @Override
        public SortedSet<String> directories(String path) throws NativeFailure {
            return tree.directories(path);
        }
    }
}
