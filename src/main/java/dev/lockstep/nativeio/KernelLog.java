// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/** The kernel's log (syslog(2), which the C library calls klogctl). Needs CAP_SYSLOG where dmesg_restrict is set. */
public final class KernelLog {
    private static final int SYSLOG_ACTION_READ_ALL = 3;
    private static final int SYSLOG_ACTION_SIZE_BUFFER = 10;

    /** log_buf_len may be larger than the agent's heap. */
    private static final int LONGEST_BYTES = 1 << 20;

    private KernelLog() {}

    /**
     * Reads what the ring still holds.
     *
     * @return the last MiB of lines, oldest first, each with its {@code <level>} and time stamp; one char per byte
     * @throws NativeFailure if it may not be read
     */
    public static String read() throws NativeFailure {
        try {
            int bytes = Math.min(Libc.klogctl(SYSLOG_ACTION_SIZE_BUFFER, 0, 0), LONGEST_BYTES);
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
