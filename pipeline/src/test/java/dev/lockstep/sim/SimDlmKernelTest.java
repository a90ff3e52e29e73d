// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.DlmKernelContract;
import org.junit.jupiter.api.AfterEach;

/** The contract alone on one machine; the manners among several are SimDlmFabricTest's. */
final class SimDlmKernelTest implements DlmKernelContract {
    private final SimDlmFabric fabric = new SimDlmFabric(0);

    @AfterEach
    void noRuleWasBroken() {
        assertThat(fabric.violations()).isEmpty();
    }

    @Override
    public Fixture boot() {
        SimDlmNode node = fabric.boot(NodeNumber.of(1), new BootId(1, 1));
        return new Fixture() {
            @Override
            public DlmKernel kernel() {
                return node.kernel();
            }

            @Override
            public void create(LockspaceName lockspace) {
                node.create(lockspace);
            }
        };
    }
}
