// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What no real kernel is asked in the conformance suite, for it would not survive it. */
final class SimDlmFilesTest {
    private static final String CLUSTER = SimDlmFiles.CONFIGFS + "/cluster";

    private final SimDlmFabric fabric = new SimDlmFabric(0);
    private final SimDlmNode node = fabric.boot(NodeNumber.of(1), new BootId(1, 1));
    private final SimDlmFiles files = node.files();

    private void comm(int nodeid) throws SimKernelError {
        String comm = CLUSTER + "/comms/" + nodeid;
        files.makeDirectory(comm);
        write(comm + "/nodeid", nodeid);
        byte[] address = new byte[128];
        ByteBuffer.wrap(address)
                .order(ByteOrder.nativeOrder())
                .putShort((short) 2)
                .putShort((short) 0)
                .put(new byte[] {10, 0, 0, (byte) nodeid});
        files.write(comm + "/addr", address);
    }

    private void write(String path, int value) throws SimKernelError {
        files.write(path, Integer.toString(value).getBytes(StandardCharsets.US_ASCII));
    }

    private void member(int nodeid) throws SimKernelError {
        files.makeDirectory(CLUSTER + "/spaces/vol/nodes/" + nodeid);
        write(CLUSTER + "/spaces/vol/nodes/" + nodeid + "/nodeid", nodeid);
    }

    @Test
    void removingTheCommOfAMemberUnderARunningLockspacePanics() throws Exception {
        files.makeDirectory(CLUSTER);
        comm(1);
        write(CLUSTER + "/comms/1/local", 1);
        comm(2);
        node.create(new LockspaceName("vol"));
        files.makeDirectory(CLUSTER + "/spaces/vol");
        member(1);
        member(2);
        write(SimDlmFiles.SYSFS + "/vol/control", 1);

        assertThatThrownBy(() -> files.removeDirectory(CLUSTER + "/comms/2")).isInstanceOf(SimKernelError.class);

        assertThat(node.alive()).isFalse();
        assertThat(fabric.violations()).singleElement().asString().contains("panic");
    }
}
