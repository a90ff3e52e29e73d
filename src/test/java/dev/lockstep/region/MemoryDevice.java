// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** A device in memory, zeroed, or with what a fixture says. */
final class MemoryDevice implements ByteSource {
    private final ByteBuffer content;

    MemoryDevice(int bytes) {
        content = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads a fixture: lines of byte offset and hex, made from a real image. */
    static MemoryDevice of(String fixture, int bytes) throws IOException {
        MemoryDevice device = new MemoryDevice(bytes);
        for (String line : lines(fixture)) {
            if (!line.startsWith("#")) {
                String[] parts = line.split(" ", 2);
                device.put(Integer.parseInt(parts[0]), HexFormat.of().parseHex(parts[1]));
            }
        }
        return device;
    }

    private static List<String> lines(String fixture) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(MemoryDevice.class.getResourceAsStream(fixture), fixture),
                StandardCharsets.US_ASCII))) {
            return reader.lines().toList();
        }
    }

    MemoryDevice put(int at, byte[] bytes) {
        content.put(at, bytes);
        return this;
    }

    MemoryDevice put(int at, ByteBuffer bytes) {
        content.put(at, bytes, 0, bytes.limit());
        return this;
    }

    MemoryDevice put(int at, String text) {
        return put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    ByteBuffer content() {
        return content;
    }

    @Override
    public ByteBuffer read(long position, int bytes) throws IOException {
        if (position < 0 || position + bytes > content.capacity()) {
            throw new EOFException("read " + bytes + " at " + position);
        }
        ByteBuffer copy = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return copy.put(0, content, (int) position, bytes);
    }
}
