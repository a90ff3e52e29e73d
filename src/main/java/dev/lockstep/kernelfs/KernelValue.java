// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What one attribute file says: a value and one line feed. Strict: a number that is none is an error that names the
 * file, never a default.
 *
 * @param path the file, for messages
 * @param text the value without its line feed
 */
public record KernelValue(String path, String text) {

    /**
     * Reads an attribute.
     *
     * @throws IOException if it cannot be read
     */
    public static KernelValue read(KernelTree tree, String path) throws IOException {
        String text = tree.read(path);
        return new KernelValue(path, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }

    /** {@return a value's bytes as the kernel's parsers want them: decimal, no line feed} */
    public static byte[] of(long number) {
        return of(Long.toString(number));
    }

    /** {@return a text's bytes, nothing appended} */
    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * {@return the value of a {@code %d} file}
     *
     * @throws IOException if it is no 32-bit number
     */
    public int signed() throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw notANumber("a number", e);
        }
    }

    /**
     * {@return the 32 bits of a {@code %u} file}
     *
     * @throws IOException if it is no unsigned 32-bit number
     */
    public int unsigned() throws IOException {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw notANumber("an unsigned number", e);
        }
    }

    /**
     * {@return the 64 bits of a {@code %llu} file}
     *
     * @throws IOException if it is no unsigned 64-bit number
     */
    public long unsignedLong() throws IOException {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw notANumber("an unsigned number", e);
        }
    }

    /**
     * {@return the 32 bits of a {@code %x} file}
     *
     * @throws IOException if it is no hexadecimal 32-bit number
     */
    public int hex() throws IOException {
        try {
            return Integer.parseUnsignedInt(text, 16);
        } catch (NumberFormatException e) {
            throw notANumber("a hexadecimal number", e);
        }
    }

    private IOException notANumber(String what, NumberFormatException cause) {
        return new IOException("read " + path + ": '" + text + "' is not " + what, cause);
    }
}
