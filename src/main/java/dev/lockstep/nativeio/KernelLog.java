// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/** The kernel's log (syslog(2), which the C library calls klogctl). Needs CAP_SYSLOG where dmesg_restrict is set. */
public final class KernelLog {
    private static final int SYSLOG_ACTION_READ_ALL = 3;
    private static final int SYSLOG_ACTION_SIZE_BUFFER = 10;

    private KernelLog() {}

    /**
     * Reads all that the ring still holds.
     *
     * @return the lines, oldest first, each with its {@code <level>} and time stamp; one char per byte
     * @throws NativeFailure if it may not be read
     */
    public static String read() throws NativeFailure {
        try {
            int bytes = Libc.klogctl(SYSLOG_ACTION_SIZE_BUFFER, 0, 0);
            AlignedMemory memory = AlignedMemory.allocate(bytes);
            try {
                byte[] text = new byte[Libc.klogctl(SYSLOG_ACTION_READ_ALL, memory.address(0, bytes), bytes)];
                memory.buffer().get(0, text);
                return new String(text, StandardCharsets.ISO_8859_1);
            } finally {
                Reference.reachabilityFence(memory);
            }
        } catch (LastErrorException e) {
            throw Descriptor.failure("syslog", e, "kernel log");
        }
    }
}
