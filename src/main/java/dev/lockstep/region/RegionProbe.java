// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.domain.RegionId;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out what region a device carries, by what is written on it. */
public final class RegionProbe {
    private RegionProbe() {}

    /**
     * Looks at a device.
     *
     * @return its region, with the board if it has one; empty if it carries none
     * @throws UnusableRegion if it carries one that cannot be used, or two
     * @throws IOException if it cannot be read
     */
    public static Optional<RegionLayout> probe(Path device, Caching caching) throws IOException {
        try (BlockDevice opened = BlockDevice.open(device, Access.READ, caching)) {
            return probe(opened);
        }
    }

    /**
     * {@return a region given by numbers, its slots as large as the device's sectors}
     *
     * @param startBlock slot 0's block on the device, greater than 0
     * @throws UnusableRegion if the numbers name no place on the device
     * @throws IOException if the device cannot be opened
     */
    public static RegionLayout explicit(Path device, RegionId name, long startBlock, int slots, Caching caching)
            throws IOException {
        try (BlockDevice opened = BlockDevice.open(device, Access.READ, caching)) {
            return explicit(opened, name, startBlock, slots);
        }
    }

    static RegionLayout explicit(BlockDevice device, RegionId name, long startBlock, int slots) throws UnusableRegion {
        try {
            RegionLayout layout = RegionLayout.explicit(name, device.sectorBytes(), startBlock, slots);
            if (layout.end() <= device.bytes()) {
                return layout;
            }
            throw new UnusableRegion(device.path() + ": region " + name + " would end at byte " + layout.end()
                    + ", the device does at " + device.bytes());
        } catch (IllegalArgumentException | ArithmeticException e) {
            UnusableRegion nowhere = new UnusableRegion(device.path() + ": " + e.getMessage());
            nowhere.initCause(e);
            throw nowhere;
        }
    }

    static Optional<RegionLayout> probe(BlockDevice device) throws IOException {
        if (device.bytes() < 4 * RegionHeader.BYTES) {
            return Optional.empty();
        }
        Optional<RegionLayout> found = probe(device, device.sectorBytes());
        if (found.isPresent() && found.get().end() > device.bytes()) {
            throw new UnusableRegion(device.path() + ": region " + found.get().name() + " ends at byte "
                    + found.get().end() + ", the device at " + device.bytes());
        }
        return found;
    }

    static Optional<RegionLayout> probe(ByteSource device, int sectorBytes) throws IOException {
        Optional<RegionLayout> raw = RawRegion.find(device);
        Optional<Ocfs2Volume> volume = Ocfs2Volume.find(device);
        if (raw.isPresent() && volume.isPresent()) {
            throw new UnusableRegion("both a Lockstep region (" + raw.get().name() + ") and an OCFS2 volume ("
                    + volume.get().uuid() + ") claim the device");
        }
        if (raw.isPresent() && raw.get().slotBytes() != sectorBytes) {
            throw new UnusableRegion("region " + raw.get().name() + " was formatted for sectors of "
                    + raw.get().slotBytes() + " bytes, the device has " + sectorBytes);
        }
        if (volume.isPresent()) {
            return Optional.of(Ocfs2Region.find(device, volume.get(), sectorBytes));
        }
        return raw;
    }
}
