// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.NodeNumber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** comms of simulated configfs: a directory for each node fs/dlm may talk to. Addresses belong to the nodeid. */
final class SimDlmComms extends SimDirectory {
    private static final int ADDRESS_BYTES = 128;
    private static final int MOST_ADDRESSES = 3;

    private final SimDlmFabric fabric;
    private final SimDlmNode node;
    private final long[] clusterMark;

    /** What the transport knows, by nodeid. */
    private final Map<Integer, List<byte[]>> addresses = new HashMap<>();

    private @Nullable Entry local;

    private final class Entry extends SimDirectory {
        private final List<byte[]> own = new ArrayList<>();
        private int nodeid = -1;
        private int isLocal;
        private long mark;

        Entry() {
            super(false);
            attribute("nodeid", () -> nodeid + "\n", value -> nodeid = SimNumber.signed(value));
            attribute("local", () -> isLocal + "\n", value -> {
                isLocal = SimNumber.signed(value);
                if (isLocal != 0 && local == null) {
                    local = this;
                }
            });
            attribute("mark", () -> mark + "\n", this::mark);
            attribute("addr", null, this::address);
            attribute("addr_list", this::shown, null);
        }

        private void mark(byte[] value) throws SimKernelError {
            long written = SimNumber.unsigned(value);
            if (!addresses.containsKey(nodeid)) {
                throw new SimKernelError("ENOENT");
            }
            mark = written == 0 ? clusterMark[0] : written;
        }

        private void address(byte[] value) throws SimKernelError {
            if (value.length != ADDRESS_BYTES) {
                throw new SimKernelError("EINVAL");
            }
            if (own.size() >= MOST_ADDRESSES) {
                throw new SimKernelError("ENOSPC");
            }
            List<byte[]> known = addresses.computeIfAbsent(nodeid, n -> new ArrayList<>());
            if (known.stream().anyMatch(each -> Arrays.equals(each, value))) {
                throw new SimKernelError("EEXIST");
            }
            if (known.size() >= MOST_ADDRESSES) {
                throw new SimKernelError("ENOSPC");
            }
            known.add(value.clone());
            own.add(value.clone());
            number().filter(n -> !n.equals(node.number()))
                    .ifPresent(n -> fabric.bootOf(n).ifPresent(boot -> node.makeComm(n, boot)));
        }

        private String shown() {
            StringBuilder text = new StringBuilder();
            own.forEach(each -> text.append(SimSocketAddress.text(each)).append('\n'));
            return text.toString();
        }

        private Optional<NodeNumber> number() {
            int value = nodeid - fabric.nodeidOffset();
            return value < NodeNumber.MIN || value > NodeNumber.MAX
                    ? Optional.empty()
                    : Optional.of(NodeNumber.of(value));
        }

        @Override
        void removed() throws SimKernelError {
            if (local == this) {
                local = null;
            }
            addresses.remove(nodeid);
            if (number().isPresent() && !node.removeComm(number().get())) {
                throw new SimKernelError("EIO");
            }
        }
    }

    SimDlmComms(SimDlmFabric fabric, SimDlmNode node, long[] clusterMark) {
        super(true);
        this.fabric = fabric;
        this.node = node;
        this.clusterMark = clusterMark;
    }

    @Override
    SimDirectory made(String name) {
        return new Entry();
    }

    boolean hasLocalAddress() {
        return local != null && !local.own.isEmpty();
    }
}
