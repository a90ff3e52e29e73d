// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.LastErrorException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A device or file read and written past the page cache (O_DIRECT). Buffered reads of a shared disk would return what
 * this host once cached, for ever; buffered writes would write neighbours' stale sectors back.
 *
 * <p>Any thread may call it, several at a time. Offsets, lengths and memory offsets must be multiples of the device's
 * logical sector size. A transfer is whole or an error. Closing while a call hangs does not wait for it.
 */
public final class DirectFile implements AutoCloseable {

    /** How a file is opened. */
    public enum Access {
        /** To read only. */
        READ(Libc.O_RDONLY),
        /** To read and write. */
        READ_WRITE(Libc.O_RDWR),
        /** To read and write a block device that nothing else holds: EBUSY if it is mounted or part of another. */
        EXCLUSIVE(Libc.O_RDWR | Libc.O_EXCL);

        private final int flags;

        Access(int flags) {
            this.flags = flags;
        }
    }

    /** Which way the bytes go. */
    public enum Caching {
        /** O_DIRECT; opening fails with EINVAL where the file system cannot, tmpfs for one. */
        DIRECT,
        /** Through the page cache, each write followed by fdatasync. Only hosts that share this kernel see it. */
        BUFFERED
    }

    private final Descriptor descriptor;
    private final Caching caching;

    private DirectFile(Descriptor descriptor, Caching caching) {
        this.descriptor = descriptor;
        this.caching = caching;
    }

    /**
     * Opens an existing file.
     *
     * @throws NativeFailure if it cannot be opened that way
     */
    public static DirectFile open(Path path, Access access, Caching caching) throws NativeFailure {
        int flags = access.flags | (caching == Caching.DIRECT ? Abi.HERE.oDirect() : 0);
        return new DirectFile(Descriptor.open(path, flags), caching);
    }

    /** {@return how the bytes go} */
    public Caching caching() {
        return caching;
    }

    /**
     * Reads exactly {@code bytes} bytes.
     *
     * @param into where to
     * @param at byte offset in {@code into}
     * @param bytes how many
     * @param position byte offset in the file
     * @throws NativeFailure if the read fails; the memory's content is then void
     * @throws EOFException if the file ends before that many bytes
     */
    public void pread(AlignedMemory into, int at, int bytes, long position) throws IOException {
        int fd = descriptor.enter();
        try {
            long got = Libc.pread(fd, into.address(at, bytes), bytes, position);
            if (got != bytes) {
                throw new EOFException("pread " + bytes + " at " + position + " " + descriptor.path() + ": got " + got
                        + " bytes, the device ends there");
            }
        } catch (LastErrorException e) {
            throw descriptor.failure("pread " + bytes + " at " + position, e);
        } finally {
            Reference.reachabilityFence(into);
            descriptor.leave();
        }
    }

    /**
     * Writes exactly {@code bytes} bytes by one pwrite.
     *
     * @param from where from
     * @param at byte offset in {@code from}
     * @param bytes how many
     * @param position byte offset in the file
     * @throws NativeFailure if the write fails; what the file then holds there is unknown
     * @throws EOFException if fewer bytes were taken
     */
    public void pwrite(AlignedMemory from, int at, int bytes, long position) throws IOException {
        int fd = descriptor.enter();
        try {
            long put = Libc.pwrite(fd, from.address(at, bytes), bytes, position);
            if (put != bytes) {
                throw new EOFException("pwrite " + bytes + " at " + position + " " + descriptor.path() + ": took " + put
                        + " bytes, the device ends there");
            }
            if (caching == Caching.BUFFERED) {
                Libc.fdatasync(fd);
            }
        } catch (LastErrorException e) {
            throw descriptor.failure("pwrite " + bytes + " at " + position, e);
        } finally {
            Reference.reachabilityFence(from);
            descriptor.leave();
        }
    }

    /**
     * Makes every write so far durable (fdatasync).
     *
     * @throws NativeFailure if it fails
     */
    public void sync() throws NativeFailure {
        int fd = descriptor.enter();
        try {
            Libc.fdatasync(fd);
        } catch (LastErrorException e) {
            throw descriptor.failure("fdatasync", e);
        } finally {
            descriptor.leave();
        }
    }

    /**
     * Asks a block device for its logical sector size (BLKSSZGET).
     *
     * @return bytes, empty if this is no block device
     * @throws NativeFailure if it does not answer
     */
    public OptionalInt logicalSectorBytes() throws NativeFailure {
        OptionalLong answer = ask("BLKSSZGET", Abi.HERE.blksszget());
        return answer.isPresent() ? OptionalInt.of((int) answer.getAsLong()) : OptionalInt.empty();
    }

    /**
     * Asks a block device for its size (BLKGETSIZE64).
     *
     * @return bytes, empty if this is no block device
     * @throws NativeFailure if it does not answer
     */
    public OptionalLong deviceBytes() throws NativeFailure {
        return ask("BLKGETSIZE64", Abi.HERE.blkgetsize64());
    }

    private OptionalLong ask(String name, long request) throws NativeFailure {
        AlignedMemory answer = AlignedMemory.allocate(8);
        int fd = descriptor.enter();
        try {
            Libc.ioctl(fd, request, answer.address(0, 8));
            ByteBuffer number = answer.buffer().order(ByteOrder.nativeOrder());
            // BLKSSZGET writes an int, BLKGETSIZE64 a 64-bit number.
            return OptionalLong.of(request == Abi.HERE.blksszget() ? number.getInt(0) : number.getLong(0));
        } catch (LastErrorException e) {
            NativeFailure failure = descriptor.failure(name, e);
            if (failure.errno().equals(Errno.ENOTTY)) {
                return OptionalLong.empty();
            }
            throw failure;
        } finally {
            Reference.reachabilityFence(answer);
            descriptor.leave();
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
