// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * A DLM lockspace's name: 1 to 64 bytes, kept one char per byte (ISO 8859-1) so that any name the kernel accepts
 * survives unchanged. Without '/', which cannot be a directory name, and without NUL.
 *
 * @param value the name's bytes as chars 1 to 255
 */
public record LockspaceName(String value) implements Comparable<LockspaceName> {

    /** The kernel's bound (include/uapi/linux/dlmconstants.h, DLM_LOCKSPACE_LEN). */
    public static final int MAX_BYTES = 64;

    public LockspaceName {
        if (value.isEmpty() || value.length() > MAX_BYTES) {
            throw new IllegalArgumentException("lockspace name has " + value.length() + " bytes, not 1.." + MAX_BYTES);
        }
        if (!value.chars().allMatch(c -> c > 0 && c < 256 && c != '/') || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("lockspace name '" + escape(value) + "' cannot be a directory name");
        }
    }

    /**
     * {@return the id the cluster routes this lockspace's messages by, unsigned 32 bits}
     *
     * <p>CRC-32 over {@code dlm:ls:NAME} and one NUL, as dlm_controld computes it, so that nodes under either daemon
     * agree ("foo" gives 0x6ce2339d).
     */
    public int globalId() {
        CRC32 crc = new CRC32();
        crc.update(("dlm:ls:" + value + "\0").getBytes(StandardCharsets.ISO_8859_1));
        return (int) crc.getValue();
    }

    private static String escape(String raw) {
        StringBuilder out = new StringBuilder();
        raw.chars().forEach(c -> {
            if (c > ' ' && c < 0x7f && c != '\\') {
                out.append((char) c);
            } else {
                out.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            }
        });
        return out.toString();
    }

    @Override
    public int compareTo(LockspaceName other) {
        return value.compareTo(other.value);
    }

    /** {@return the name with everything unprintable as \xNN: safe for terminals, logs and pages} */
    @Override
    public String toString() {
        return escape(value);
    }
}
