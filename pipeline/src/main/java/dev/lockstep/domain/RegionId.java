// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

/**
 * A heartbeat region's name: what O2CB calls its configfs directory, normally a volume UUID as 32 upper-case hex
 * digits. The kernel allows 1 to 32 characters; this type takes printable ASCII without '/'.
 *
 * @param name the region's name
 */
public record RegionId(String name) implements Comparable<RegionId> {

    /** The kernel's bound (fs/ocfs2/cluster/heartbeat.c, O2HB_MAX_REGION_NAME_LEN). */
    public static final int MAX_LENGTH = 32;

    public RegionId {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("region name '" + name + "' has not 1.." + MAX_LENGTH + " characters");
        }
        if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/') || name.startsWith(".")) {
            throw new IllegalArgumentException("region name '" + name + "' has characters no region can have");
        }
    }

    @Override
    public int compareTo(RegionId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
