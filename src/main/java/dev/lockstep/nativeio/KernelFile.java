// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.io.ByteArrayOutputStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/**
 * Files and directories of sysfs, configfs, debugfs and procfs, where each write(2) is one command and its errno is the
 * answer. Nothing is retried, not even EINTR: whether a command may be given again is the caller's to know.
 *
 * <p>Paths and texts are one char per byte (ISO 8859-1), as {@code LockspaceName} keeps names, so that any name the
 * kernel accepts passes unchanged whatever the locale. Any thread may call; calls block as long as the kernel does.
 */
public final class KernelFile {
    private static final int CHUNK_BYTES = 4096;

    /** Each thread's own: the kernel is read and written many times a second, and such memory goes back late. */
    private static final ThreadLocal<AlignedMemory> CHUNK =
            ThreadLocal.withInitial(() -> AlignedMemory.allocate(CHUNK_BYTES));

    private static final Errno EFBIG = Errno.parse("EFBIG");

    private KernelFile() {}

    /**
     * Writes a value: open O_WRONLY, one write(2), close.
     *
     * @param value the whole value; nothing is appended
     * @throws NativeFailure with the errno of the open or the write; ENOSPC for a value that was not taken whole
     */
    public static void write(String path, String value) throws NativeFailure {
        write(path, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Writes a value in bytes, as {@link #write(String, String)}.
     *
     * @param value the whole value
     * @throws NativeFailure with the errno of the open or the write; ENOSPC for a value that was not taken whole
     */
    public static void write(String path, byte[] value) throws NativeFailure {
        AlignedMemory memory = value.length <= CHUNK_BYTES ? CHUNK.get() : AlignedMemory.allocate(value.length);
        memory.buffer().put(0, value);
        try (Descriptor file = Descriptor.openOnce(path, Libc.O_WRONLY)) {
            int fd = file.enter();
            try {
                long put = Libc.write(fd, memory.address(0, value.length), value.length);
                if (put != value.length) {
                    throw new NativeFailure("write " + put + " of " + value.length + " bytes to", Errno.ENOSPC, path);
                }
            } catch (LastErrorException e) {
                throw file.failure("write", e);
            } finally {
                Reference.reachabilityFence(memory);
                file.leave();
            }
        }
    }

    /**
     * Writes a block device's descriptor number to a file, which is how O2CB is told a region's device
     * (fs/ocfs2/cluster/heartbeat.c, o2hb_region_dev_store). The device is open only while the write runs.
     *
     * @param path the file, a region's {@code dev}
     * @param devicePath the device
     * @throws NativeFailure with the errno of an open or of the write
     */
    public static void writeDescriptorOf(String devicePath, String path) throws NativeFailure {
        try (Descriptor device = Descriptor.openOnce(devicePath, Libc.O_RDWR)) {
            int fd = device.enter();
            try {
                write(path, Integer.toString(fd));
            } finally {
                device.leave();
            }
        }
    }

    /**
     * Reads a text.
     *
     * @param maxBytes the most it may have
     * @return the whole text, line feeds included
     * @throws NativeFailure with the errno of the open or of a read; EFBIG for more than {@code maxBytes}
     */
    public static String read(String path, int maxBytes) throws NativeFailure {
        return new String(readBytes(path, maxBytes), StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads bytes, as {@link #read}.
     *
     * @param maxBytes the most there may be
     * @throws NativeFailure with the errno of the open or of a read; EFBIG for more than {@code maxBytes}
     */
    public static byte[] readBytes(String path, int maxBytes) throws NativeFailure {
        AlignedMemory memory = CHUNK.get();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (Descriptor file = Descriptor.openOnce(path, Libc.O_RDONLY)) {
            int fd = file.enter();
            try {
                while (true) {
                    int got = (int) Libc.read(fd, memory.address(0, CHUNK_BYTES), CHUNK_BYTES);
                    if (got == 0) {
                        return whole.toByteArray();
                    }
                    byte[] piece = new byte[got];
                    memory.buffer().get(0, piece);
                    whole.writeBytes(piece);
                    if (whole.size() > maxBytes) {
                        throw new NativeFailure("read of more than " + maxBytes + " bytes from", EFBIG, path);
                    }
                }
            } catch (LastErrorException e) {
                throw file.failure("read", e);
            } finally {
                Reference.reachabilityFence(memory);
                file.leave();
            }
        }
    }

    /**
     * Makes a directory, which in configfs makes an object.
     *
     * @throws NativeFailure with the errno
     */
    public static void makeDirectory(String path) throws NativeFailure {
        try {
            Libc.mkdir(Descriptor.bytes(path), 0755);
        } catch (LastErrorException e) {
            throw Descriptor.failure("mkdir", e, path);
        }
    }

    /**
     * Removes a directory, which in configfs removes an object with its attributes.
     *
     * @throws NativeFailure with the errno
     */
    public static void removeDirectory(String path) throws NativeFailure {
        try {
            Libc.rmdir(Descriptor.bytes(path));
        } catch (LastErrorException e) {
            throw Descriptor.failure("rmdir", e, path);
        }
    }
}
