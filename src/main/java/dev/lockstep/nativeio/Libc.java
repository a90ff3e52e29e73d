// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/**
 * The C library's functions under their C names, by JNA's direct mapping: primitives only, so a call allocates
 * nothing. Addresses are longs, of memory that the caller keeps reachable until the call has returned.
 *
 * <p>JNA turns every errno that a call leaves behind into a {@link LastErrorException}; callers convert it to a
 * {@link NativeFailure} at once, since any later call may overwrite it.
 *
 * <p>Constants are those of Linux on 64-bit machines; the few that differ between processors are in {@link Abi}.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    static final int AF_NETLINK = 16;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int NETLINK_KOBJECT_UEVENT = 15;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVBUFFORCE = 33;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;

    static final int POLLIN = 1;
    static final int EFD_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = 0x800;

    static final int CLOCK_BOOTTIME = 7;

    static final int PR_SET_IO_FLUSHER = 57;
    static final int PR_GET_IO_FLUSHER = 58;

    static {
        if (Native.SIZE_T_SIZE != 8) {
            throw new UnsatisfiedLinkError("Lockstep needs a 64-bit Linux");
        }
        Native.register(Libc.class, "c");
    }

    private Libc() {}

    static native int open(byte[] path, int flags, int mode) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    static native long read(int fd, long buffer, long count) throws LastErrorException;

    static native long write(int fd, long buffer, long count) throws LastErrorException;

    static native long pread(int fd, long buffer, long count, long offset) throws LastErrorException;

    static native long pwrite(int fd, long buffer, long count, long offset) throws LastErrorException;

    static native int fdatasync(int fd) throws LastErrorException;

    static native int ioctl(int fd, long request, long argument) throws LastErrorException;

    static native int flock(int fd, int operation) throws LastErrorException;

    static native int mkdir(byte[] path, int mode) throws LastErrorException;

    static native int rmdir(byte[] path) throws LastErrorException;

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int bind(int fd, long address, int addressBytes) throws LastErrorException;

    static native int setsockopt(int fd, int level, int option, long value, int valueBytes) throws LastErrorException;

    static native int recvmmsg(int fd, long messages, int count, int flags, long timeout) throws LastErrorException;

    static native int poll(long descriptors, long count, int timeoutMs) throws LastErrorException;

    static native int eventfd(int initial, int flags) throws LastErrorException;

    static native int mlockall(int flags) throws LastErrorException;

    static native int prctl(int option, long value, long zero3, long zero4, long zero5) throws LastErrorException;

    static native int kill(int pid, int signal) throws LastErrorException;

    static native int klogctl(int type, long buffer, int bytes) throws LastErrorException;

    static native int clock_gettime(int clock, long timespec) throws LastErrorException;
}
