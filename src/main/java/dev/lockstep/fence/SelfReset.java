// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.fence;

import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.kernel.Outcome.ErrorClass;
import dev.lockstep.nativeio.KernelFile;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resets this machine at once, without sync, as a node must that others have declared dead: a message on the console,
 * then {@code b} to sysrq-trigger (which root may always write, whatever kernel.sysrq says; admin-guide/sysrq). If that
 * returns, a watchdog is opened and not fed, so that it resets the machine after its timeout.
 *
 * <p>Neither locks nor logs nor allocates much before the write: the machine may be in a bad state. One thread at a
 * time.
 */
public final class SelfReset {
    private final String kmsg;
    private final String sysrqTrigger;
    private final Optional<Path> watchdog;

    /** Never closed: closing may disarm it. */
    private @Nullable FileChannel armed;

    /**
     * @param kmsg /dev/kmsg
     * @param sysrqTrigger /proc/sysrq-trigger
     * @param watchdog /dev/watchdog, empty if somebody else feeds it
     */
    public SelfReset(String kmsg, String sysrqTrigger, Optional<Path> watchdog) {
        this.kmsg = kmsg;
        this.sysrqTrigger = sysrqTrigger;
        this.watchdog = watchdog;
    }

    /** {@return one for this machine} */
    public static SelfReset ofThisMachine() {
        return new SelfReset("/dev/kmsg", "/proc/sysrq-trigger", Optional.of(Path.of("/dev/watchdog")));
    }

    /**
     * Resets the machine.
     *
     * @return only if it could not be reset at once
     */
    public synchronized Outcome reset(Mutation.ResetNode order) {
        announce(order.why());
        String trouble;
        try {
            KernelFile.write(sysrqTrigger, "b");
            trouble = "sysrq 'b' was taken, yet the machine still runs";
        } catch (NativeFailure e) {
            trouble = String.valueOf(e.getMessage());
        }
        return new Outcome.Failed("EIO", ErrorClass.AGAIN_LATER, trouble + "; " + armWatchdog());
    }

    private void announce(String why) {
        try {
            // <0> is the level that reaches every console.
            KernelFile.write(kmsg, "<0>lockstep: resetting this node: " + why.replace('\n', ' '));
        } catch (NativeFailure e) {
            // The reset matters, the message does not.
            return;
        }
    }

    private String armWatchdog() {
        if (armed != null) {
            return "the watchdog is armed already";
        }
        if (watchdog.isEmpty()) {
            return "no watchdog to open";
        }
        try {
            armed = FileChannel.open(watchdog.get(), StandardOpenOption.WRITE);
            return "watchdog " + watchdog.get() + " is open and will not be fed";
        } catch (IOException e) {
            return "open " + watchdog.get() + ": " + e;
        }
    }
}
