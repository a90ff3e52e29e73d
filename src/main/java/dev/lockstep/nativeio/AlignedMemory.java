// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Zeroed memory outside the heap that starts at a page boundary, as O_DIRECT wants it. For one thread at a time.
 *
 * <p>Closing forbids further system calls on it; the memory itself goes back when nothing refers to it any more. A
 * transfer that hangs in the kernel may still write into it, so it must never be freed by hand.
 */
public final class AlignedMemory implements AutoCloseable {
    /** A multiple of every logical sector size and of the page size of the common processors. */
    public static final int ALIGNMENT = 4096;

    private final ByteBuffer buffer;
    private final long address;
    private volatile boolean closed;

    private AlignedMemory(ByteBuffer buffer) {
        this.buffer = buffer;
        this.address = Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    /**
     * {@return new memory}
     *
     * @param bytes its size, greater than 0; rounded up to whole {@link #ALIGNMENT}s
     */
    public static AlignedMemory allocate(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("memory of " + bytes + " bytes");
        }
        int rounded = Math.multiplyExact((bytes - 1) / ALIGNMENT + 1, ALIGNMENT);
        ByteBuffer raw = ByteBuffer.allocateDirect(Math.addExact(rounded, ALIGNMENT));
        return new AlignedMemory(raw.alignedSlice(ALIGNMENT).slice(0, rounded).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** {@return the memory, little-endian; always the same object, so position and limit are shared} */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** {@return the size in bytes} */
    public int size() {
        return buffer.capacity();
    }

    /**
     * {@return the address of a range; the caller keeps this object reachable while the kernel uses it}
     *
     * @throws IndexOutOfBoundsException if the range is not inside
     */
    long address(int offset, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, buffer.capacity());
        if (closed) {
            throw new IllegalStateException("memory is closed");
        }
        return address + offset;
    }

    @Override
    public void close() {
        closed = true;
    }
}
