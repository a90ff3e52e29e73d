// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

/** What a region lies in. */
public enum RegionKind {
    /** A device or file that {@code lockstep region format} made, with nothing else on it. */
    RAW(1),
    /** The heartbeat file of an OCFS2 volume. */
    OCFS2(2),
    /** Anywhere, by numbers that the kernel or the administrator gave; nothing on the device says so. */
    EXPLICIT(0);

    private final int code;

    RegionKind(int code) {
        this.code = code;
    }

    /** The stable code in a {@link RegionHeader}. */
    int code() {
        return code;
    }
}
