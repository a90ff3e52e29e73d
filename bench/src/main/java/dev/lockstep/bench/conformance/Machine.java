// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.uevent.UeventSignal;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A machine with fs/dlm, real or simulated, as the suite drives it: nodeid = number. For one thread. */
public interface Machine {

    /** {@return the files of sysfs and configfs} */
    KernelTree tree();

    /** {@return the same kernel behind the agent's port} */
    DlmKernel kernel();

    /**
     * A program creates a lockspace, or joins it.
     *
     * @param name any name, slashes and all
     * @param exclusive fail where this node has it
     */
    LockspaceCall create(String name, boolean exclusive);

    /** A program releases a lockspace, with force. */
    LockspaceCall release(String name);

    /** {@return every datagram about fs/dlm's lockspaces and their devices since the machine was opened, in text} */
    List<String> datagrams();

    /** {@return what the agent makes of them} */
    List<UeventSignal> signals();

    /** Gives everything that was set off the time to happen; what has not happened then is taken to be waiting. */
    void settle();

    /**
     * Waits for something that must happen.
     *
     * @return whether it did within the machine's patience
     */
    boolean await(BooleanSupplier happened);
}
