// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.KernelValue;
import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.util.Optional;

/**
 * The files of {@code node/NAME}: ipv4_port, ipv4_address, num and local, written in this order, each once (EBUSY
 * after). Before, they read 0, 0.0.0.0, 0 and 0 (Linux 6.1).
 */
final class NodeFiles {
    private static final String UNSET_ADDRESS = "0.0.0.0";

    private final KernelTree tree;
    private final String path;

    NodeFiles(KernelTree tree, String path) {
        this.tree = tree;
        this.path = path;
    }

    /** {@return the node, empty while it is half-made or gone} */
    Optional<O2cbNode> read(String name) throws IOException {
        try {
            int number = value("num").unsigned();
            if (value("ipv4_address").text().equals(UNSET_ADDRESS)) {
                return Optional.empty();
            }
            return Optional.of(new O2cbNode(
                    name,
                    new NodeNumber(number),
                    value("ipv4_address").text(),
                    value("ipv4_port").unsigned()));
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IOException("read " + path + "/num: " + e.getMessage(), e);
        }
    }

    boolean isLocal() throws IOException {
        return value("local").unsigned() != 0;
    }

    /**
     * Writes what is not yet written.
     *
     * @throws SetupRefused if what is written is something else
     */
    void become(O2cbNode node) throws IOException {
        once("ipv4_port", "0", Integer.toString(node.port()));
        once("ipv4_address", UNSET_ADDRESS, node.address());
        number(node);
    }

    /** A number not yet written reads as 0, which is a number too: only the kernel knows, and says EBUSY. */
    private void number(O2cbNode node) throws IOException {
        String found = value("num").text();
        if (found.equals(node.number().toString()) && !found.equals("0")) {
            return;
        }
        try {
            tree.write(path + "/num", KernelValue.of(node.number().toString()));
        } catch (NativeFailure e) {
            if (!e.errno().name().equals("EBUSY")) {
                throw e;
            }
            once("num", "", node.number().toString());
        }
    }

    /** Makes this the host's own node: the kernel binds and listens on its address and port at once. */
    void becomeLocal() throws IOException {
        if (isLocal()) {
            return;
        }
        try {
            tree.write(path + "/local", KernelValue.of(1));
        } catch (NativeFailure e) {
            throw switch (e.errno().name()) {
                case "EADDRNOTAVAIL", "EADDRINUSE" ->
                    // Its interface may come up later, or the listener before us go.
                    new NotReady(
                            "O2CB cannot listen on " + value("ipv4_address").text() + " port "
                                    + value("ipv4_port").text() + " (" + e.errno()
                                    + "): it must be an address of this host, and the port free",
                            e);
                case "EBUSY" ->
                    new SetupRefused(
                            "another node is O2CB's local one already, not " + path + ": unregister the cluster first",
                            e);
                default -> e;
            };
        }
    }

    private void once(String attribute, String unset, String wanted) throws IOException {
        String found = value(attribute).text();
        if (found.equals(unset)) {
            tree.write(path + "/" + attribute, KernelValue.of(wanted));
        } else if (!found.equals(wanted)) {
            throw new SetupRefused(path + "/" + attribute + " is " + found + ", the configuration says " + wanted
                    + ": correct the configuration, or unregister the cluster (o2cb unregister-cluster)");
        }
    }

    private KernelValue value(String attribute) throws IOException {
        return KernelValue.read(tree, path + "/" + attribute);
    }
}
