// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.plock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One operation as the kernel sends it (include/uapi/linux/dlm_plock.h, struct dlm_plock_info; the same on 32 and 64
 * bit, native byte order):
 *
 * <pre>
 *    0 version[3] (u32 each)          12 optype  13 ex  14 wait  15 flags (u8 each)
 *   16 pid (u32)  20 nodeid (s32)     24 rv (s32)  28 fsid (u32)
 *   32 number (u64)  40 start (u64)   48 end (u64) 56 owner (u64)
 * </pre>
 *
 * @param type what is asked
 * @param ex an exclusive lock
 * @param waits the caller sleeps until it gets the lock
 * @param onClose the lock goes with its file; the kernel expects no answer
 * @param pid the caller
 * @param fsid the lockspace's global id
 * @param number the inode
 * @param start first byte, unsigned
 * @param end last byte, unsigned
 * @param owner an opaque kernel address
 */
public record PlockOperation(
        Type type,
        boolean ex,
        boolean waits,
        boolean onClose,
        int pid,
        int fsid,
        long number,
        long start,
        long end,
        long owner) {

    /** Size of an operation and of an answer. */
    public static final int BYTES = 64;

    private static final int MAJOR = 1;
    private static final int FLAG_CLOSE = 1;
    private static final int RV_AT = 24;

    /** What is asked. */
    public enum Type {
        /** Get a lock. */
        LOCK(1),
        /** Give one back. */
        UNLOCK(2),
        /** Who is in the way? */
        GET(3),
        /** Stop waiting for a lock; kernels from 6.6. */
        CANCEL(4);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        private static Type of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new IllegalArgumentException("operation " + code + " is not known");
        }
    }

    /**
     * Reads an operation.
     *
     * @throws IllegalArgumentException if it has not 64 bytes, another major version or an unknown type
     */
    public static PlockOperation parse(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an operation has " + bytes.length + " bytes, not " + BYTES);
        }
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (b.getInt(0) != MAJOR) {
            throw new IllegalArgumentException("an operation has the major version " + b.getInt(0));
        }
        return new PlockOperation(
                Type.of(b.get(12)),
                b.get(13) != 0,
                b.get(14) != 0,
                (b.get(15) & FLAG_CLOSE) != 0,
                b.getInt(16),
                b.getInt(28),
                b.getLong(32),
                b.getLong(40),
                b.getLong(48),
                b.getLong(56));
    }

    /** {@return whether the kernel waits for an answer} */
    public boolean wantsAnswer() {
        return type != Type.UNLOCK || !onClose;
    }

    /**
     * {@return the answer: the operation as it came, since the kernel finds it by its fields, with the result}
     *
     * @param operation the 64 bytes that came
     * @param result 0 or a negative errno
     */
    public static byte[] answer(byte[] operation, int result) {
        byte[] answer = operation.clone();
        ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()).putInt(RV_AT, result);
        return answer;
    }
}
